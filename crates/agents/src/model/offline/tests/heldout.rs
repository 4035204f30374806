//! Wordings that are not among the examples of `examples/envios`.

use super::*;

const STATUS: &str = "getOrderStatus";
const CUT: &str = "cutTicket";
const GET: &str = "getTicket";
const PERSON: &str = "escalate";
const TALK: &str = "smalltalk";
const UNCLEAR: &str = "?";

const TABLE: &[(&str, &str)] = &[
    // status
    ("Hola! Tengo un problema con un pedido que hice", STATUS),
    ("buenas, quería saber por mi pedido", STATUS),
    ("me pueden decir en qué va mi orden?", STATUS),
    ("cuando va a llegar lo que compre", STATUS),
    ("oye y mi paquete??", STATUS),
    ("aún no llega mi pedido", STATUS),
    ("mi encomienda sigue sin aparecer", STATUS),
    ("hace dos semanas que espero mi pedido", STATUS),
    ("el paquete que pedí no llega nunca", STATUS),
    ("quisiera consultar el estado de un envío", STATUS),
    ("no e resivido mi pedido", STATUS),
    ("dnde esta mi peddido", STATUS),
    ("kiero saver el estdo de mi pedido", STATUS),
    ("ESTADO DE MI PEDIDO POR FAVOR", STATUS),
    ("mi orden 10020040 todavía no llega, rut 44444444-4", STATUS),
    ("necesito saber cuándo entregan el pedido 10020030", STATUS),
    ("mi rut es 12345678-9 y mi pedido 10020030, dónde está?", STATUS),
    ("se está demorando mucho mi entrega", STATUS),
    ("qué onda con mi compra", STATUS),
    ("podrías revisar mi pedido porfa", STATUS),
    ("mi despacho lleva dias de atraso", STATUS),
    ("hola, compré algo y no me llega", STATUS),
    ("quiero ver por dónde va mi encomienda", STATUS),
    ("me dijeron que llegaba ayer y nada, mi pedido es el 10020030", STATUS),
    ("Ya despacharon mi orden?", STATUS),
    ("a que hora llega mi paquete hoy", STATUS),
    ("hey, where's my stuff? order 10020030", STATUS),
    ("Hi there, I have a problem with a recent order", STATUS),
    ("could you tell me the status of my shipment?", STATUS),
    ("my pacakge never arrived", STATUS),
    ("still no sign of my parcel", STATUS),
    ("when do I get my delivery", STATUS),
    ("has my parcel left the warehouse", STATUS),
    ("i ordered something three weeks ago and it is not here", STATUS),
    ("tracking info please", STATUS),
    ("I would like to know where my order is at", STATUS),
    ("whats going on with order 10020040", STATUS),
    ("my oder is late", STATUS),
    ("can u check my delivery", STATUS),
    // new ticket
    ("Quiero poner un reclamo", CUT),
    ("necesito abrir un caso por favor", CUT),
    ("deseo ingresar una queja formal", CUT),
    ("por favor genera un ticket", CUT),
    ("quiero hacer una reclamación por mi compra", CUT),
    ("avre un reclmo", CUT),
    ("mi pedido no ha llegado, quiero abrir un reclamo", CUT),
    ("abre un reclamo por el pedido 10020030, rut 12345678-9", CUT),
    ("el producto vino quebrado", CUT),
    ("me mandaron un producto que no era", CUT),
    ("la caja llegó rota y golpeada", CUT),
    ("faltan cosas en mi pedido", CUT),
    ("quiero mi plata de vuelta", CUT),
    ("me gustaría registrar una queja por la demora", CUT),
    ("puedes levantar un ticket por esto?", CUT),
    ("aparece como entregado y yo no recibí nada", CUT),
    ("I want to open a claim", CUT),
    ("please file a complaint for me", CUT),
    ("can you create a ticket", CUT),
    ("id like to complain", CUT),
    ("the item came broken", CUT),
    ("they sent me the wrong product", CUT),
    ("half of my order is missing from the box", CUT),
    ("i want a refund", CUT),
    ("need to raise a ticket about my order 10020030", CUT),
    ("it was marked as delivered but I never received it", CUT),
    ("open a tikcet please", CUT),
    // existing ticket
    ("cómo va el ticket 202503142209", GET),
    ("puedes darme el estado del ticket 202503142209?", GET),
    ("estado del ticket 2025 0314 2209", GET),
    ("ya tengo un reclamo abierto, en qué va?", GET),
    ("quiero saber en qué quedó mi reclamo", GET),
    ("me dieron el ticket 202412041233, hay novedades?", GET),
    ("alguna respuesta de mi ticket", GET),
    ("qué ha pasado con mi caso", GET),
    ("revisa mi tiket porfa", GET),
    ("tienen noticias de la queja que puse", GET),
    ("202503142209", GET),
    ("status of my claim?", GET),
    ("do you have any update on ticket 202503142209", GET),
    ("what's happening with my complaint", GET),
    ("I opened a ticket last week, any news?", GET),
    ("could you look at ticket number 202412041233", GET),
    ("how is my case going", GET),
    // person
    ("Quiero hablar con alguien", PERSON),
    ("pásame con una persona real", PERSON),
    ("me comunicas con un ejecutivo por favor?", PERSON),
    ("necesito hablar con un humano YA", PERSON),
    ("prefiero hablar con una persona", PERSON),
    ("puedo hablar con un agente?", PERSON),
    ("quiero que me llamen", PERSON),
    ("no me entiendes, pásame con alguien", PERSON),
    ("esto es una máquina, quiero una persona", PERSON),
    ("hay algún humano?", PERSON),
    ("atención humana", PERSON),
    ("se puede escalar con una persona?", PERSON),
    ("Necesito escalarlo", PERSON),
    ("derivame a un operador", PERSON),
    ("me puede atender un asesor", PERSON),
    ("quero ablar con una presona", PERSON),
    ("ya me cansé de este robot, quiero un humano", PERSON),
    ("con un supervisor por favor", PERSON),
    ("can I speak to somebody please", PERSON),
    ("get me a human", PERSON),
    ("I'd like to talk to a real person", PERSON),
    ("agent!", PERSON),
    ("let me speak with a manager or someone", PERSON),
    ("is there anyone I can talk to", PERSON),
    ("i dont want a bot, give me a person", PERSON),
    ("connect me to customer support staff", PERSON),
    ("speak to a represntative", PERSON),
    ("please escalate", PERSON),
    ("mi pedido no ha llegado, quiero hablar con una persona", PERSON),
    // declined and changed
    ("no quiero una persona, quiero el estado de mi pedido", STATUS),
    ("I don't want to talk to anyone, just tell me where my order is", STATUS),
    ("no abras un ticket, solo dime dónde está mi pedido", STATUS),
    ("no quiero un reclamo quiero hablar con alguien", PERSON),
    ("no quiero hablar con una persona", UNCLEAR),
    ("quiero el estado, no, mejor abre un reclamo", CUT),
    ("quiero saber el estado de mi pedido y también abrir un reclamo", "getOrderStatus+cutTicket"),
    // small talk
    ("holaa", TALK),
    ("Buenas tardes!", TALK),
    ("muchas grasias", TALK),
    ("thank u", TALK),
    ("hello!!", TALK),
    ("OK Gracias, por tu trabajo", TALK),
    ("no, gracias", TALK),
    ("chau, adios", TALK),
    // nothing of ours
    ("cuál es la capital de Francia", UNCLEAR),
    ("what is the weather tomorrow", UNCLEAR),
    ("me gusta el helado de chocolate", UNCLEAR),
    ("asdfgh qwerty", UNCLEAR),
    ("tell me a joke about cats", UNCLEAR),
    ("🤷", UNCLEAR),
    ("quiero comprar un auto nuevo", UNCLEAR),
    ("cuánto cuesta enviar una caja a Temuco", TALK),
    ("a qué hora abren la tienda", TALK),
    ("cómo cambio mi contraseña", UNCLEAR),
    ("tienen trabajo para conductores", TALK),
    ("qué día es hoy", UNCLEAR),
    ("quién ganó el partido", UNCLEAR),
    ("recomiéndame una película", UNCLEAR),
    ("mi perro se llama Toby", UNCLEAR),
    ("do you sell shoes", UNCLEAR),
    ("how do I reset my password", UNCLEAR),
    ("I love pizza", UNCLEAR),
    ("at what time do you open", TALK),
    ("who is the president of Chile", UNCLEAR),
    ("how much does it cost to send a letter", TALK),
    ("write me a poem about the sea", UNCLEAR),
];

#[test]
fn wordings_nobody_declared() {
    let model = envios_model();
    let reached = accuracy(model, TABLE);
    println!("{reached:.3} of {}", TABLE.len());
    assert!(reached >= 0.95, "{reached}");
}

/// Written after the model was tuned on the table above, and not tuned on.
const BLIND: &[(&str, &str)] = &[
    ("hola, oigan mi pedido debía llegar el lunes y no llegó", STATUS),
    ("en qué parte va mi envio", STATUS),
    ("quiero saber si ya salió mi paquete", STATUS),
    ("necesito ayuda con una orden", STATUS),
    ("tengo problemas con una entrega", STATUS),
    ("no encuentro mi pedido, me ayudan?", STATUS),
    ("qué fecha me llega la encomienda", STATUS),
    ("mi orden esta retrasada", STATUS),
    ("me podría decir el estado de la orden 10020030 rut 12.345.678-9", STATUS),
    ("q paso con mi pedido", STATUS),
    ("sigo esperando el paquete que compré", STATUS),
    ("pedido atrasado!!", STATUS),
    ("good morning, my delivery has not come", STATUS),
    ("when should I expect my parcel", STATUS),
    ("any idea where my package could be?", STATUS),
    ("can you tell me about order 10020030", STATUS),
    ("my shipment seems to be lost", STATUS),
    ("problem with delivery of order 10020040", STATUS),
    ("wheres my pakage", STATUS),
    ("is my order on its way", STATUS),
    ("necesito dejar una queja", CUT),
    ("quiero reclamar", CUT),
    ("me puedes crear un ticket?", CUT),
    ("recibí un producto dañado", CUT),
    ("el paquete vino abierto", CUT),
    ("me llegó algo que no pedí", CUT),
    ("quiero que me reembolsen", CUT),
    ("ayúdame a levantar un reclamo", CUT),
    ("inicia un reclamo por favor", CUT),
    ("I need to make a complaint", CUT),
    ("please open a case for me", CUT),
    ("my parcel came damaged", CUT),
    ("I received something I did not order", CUT),
    ("i would like to submit a claim", CUT),
    ("give me my money back", CUT),
    ("cómo va mi ticket", GET),
    ("en qué va el reclamo que hice", GET),
    ("quiero ver el estado del ticket", GET),
    ("mi ticket es 202412041233, qué ha pasado", GET),
    ("me pueden dar información sobre mi reclamo", GET),
    ("how's my ticket", GET),
    ("check ticket 202412041233", GET),
    ("did anyone look at my claim", GET),
    ("update on my complaint please", GET),
    ("hablar con humano", PERSON),
    ("ponme con una persona", PERSON),
    ("me atiende alguien por favor", PERSON),
    ("quiero conversar con un asesor", PERSON),
    ("transfiéreme con un agente", PERSON),
    ("no quiero seguir con el bot", PERSON),
    ("quiero escalar esto", PERSON),
    ("necesito que me contacte un ejecutivo", PERSON),
    ("pasame con tu jefe", PERSON),
    ("i need a human", PERSON),
    ("could I talk with an operator", PERSON),
    ("can you transfer me to someone", PERSON),
    ("this bot is useless, get me a real person", PERSON),
    ("I'd prefer speaking to a person", PERSON),
    ("human please", PERSON),
    ("customer service representative", PERSON),
    ("I don't need a ticket, I want to talk to somebody", PERSON),
    ("no necesito un humano, dime dónde está mi paquete", STATUS),
    ("hola buenas tardes", TALK),
    ("grcias", TALK),
    ("thanks a lot", TALK),
    ("hasta pronto, chao", TALK),
    ("hi", TALK),
    ("qué opinas de la política", UNCLEAR),
    ("how tall is mount everest", UNCLEAR),
    ("cómo se hace una torta", UNCLEAR),
    ("i want to learn guitar", UNCLEAR),
    ("blah blah", UNCLEAR),
];

#[test]
fn wordings_nobody_tuned_for() {
    let model = envios_model();
    let reached = accuracy(model, BLIND);
    println!("{reached:.3} of {}", BLIND.len());
    assert!(reached >= 0.90, "{reached}");
}

#[test]
fn none_of_them_is_an_example() {
    let definition = envios();
    let examples: Vec<String> = definition
        .offline
        .functions
        .values()
        .flat_map(|f| f.examples.values().flatten())
        .map(|e| super::super::text::plain_words(e).join(" "))
        .collect();
    let same = |text: &str| examples.contains(&super::super::text::plain_words(text).join(" "));
    let declared: Vec<&str> = TABLE.iter().map(|(text, _)| *text).filter(|t| same(t) && t.len() > 25).collect();
    assert!(declared.is_empty(), "{declared:?}");
}
