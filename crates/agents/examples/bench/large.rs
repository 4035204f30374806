//! A definition of 20 agents with 10 functions each, in two languages, and what its customers say.

use std::fmt::Write as _;

/// Name, the word in English and in Spanish.
const TOPICS: [(&str, &str, &str); 20] = [
    ("Invoice", "invoice", "factura"),
    ("Parcel", "parcel", "paquete"),
    ("Flight", "flight", "vuelo"),
    ("Room", "hotel room", "habitación"),
    ("Router", "router", "módem"),
    ("Phone", "phone line", "línea telefónica"),
    ("Concert", "concert", "concierto"),
    ("Loan", "loan", "préstamo"),
    ("Card", "credit card", "tarjeta"),
    ("Policy", "insurance policy", "póliza"),
    ("Car", "rental car", "auto"),
    ("Appointment", "medical appointment", "cita médica"),
    ("Course", "course", "curso"),
    ("Garden", "garden service", "jardinero"),
    ("Kitchen", "kitchen", "cocina"),
    ("Book", "book", "libro"),
    ("Gym", "gym membership", "gimnasio"),
    ("Passport", "passport", "pasaporte"),
    ("Meter", "electricity meter", "medidor de luz"),
    ("Table", "restaurant table", "mesa"),
];

/// Name, what is said in English and in Spanish before the topic.
const ACTIONS: [(&str, [&str; 5], [&str; 5]); 10] = [
    (
        "check",
        ["what is the status of my", "where is my", "check my", "how is it going with my", "any news of my"],
        ["cuál es el estado de mi", "dónde está mi", "revisa mi", "cómo va mi", "hay noticias de mi"],
    ),
    (
        "cancel",
        ["cancel my", "I do not need my", "please call off the", "I want to cancel the", "take back my"],
        ["cancela mi", "ya no necesito mi", "quiero anular mi", "quiero cancelar la", "deja sin efecto mi"],
    ),
    (
        "order",
        ["I want a new", "order a", "I would like to get a", "can I have another", "book a"],
        ["quiero un nuevo", "pedir un", "me gustaría tener un", "me das otro", "reservar un"],
    ),
    (
        "move",
        ["change the date of my", "move my", "postpone the", "can my be later", "another day for my"],
        ["cambia la fecha de mi", "mueve mi", "aplaza la", "más tarde mi", "otro día para mi"],
    ),
    (
        "pay",
        ["pay for my", "how do I pay the", "settle the", "I want to pay my", "the price of my"],
        ["pagar mi", "cómo pago la", "saldar la", "quiero pagar mi", "el precio de mi"],
    ),
    (
        "report",
        ["there is a problem with my", "complain about the", "something is wrong with my", "my is broken", "report my"],
        ["hay un problema con mi", "reclamar por la", "algo anda mal con mi", "está roto mi", "reportar mi"],
    ),
    (
        "renew",
        ["renew my", "extend the", "prolong my", "my expires soon", "I want to keep my longer"],
        ["renueva mi", "extiende la", "prolonga mi", "vence pronto mi", "quiero seguir con mi"],
    ),
    (
        "return",
        ["return my", "give back the", "I want my money back for the", "refund the", "send back my"],
        ["devolver mi", "regresar la", "quiero mi dinero por la", "reembolso de mi", "mandar de vuelta mi"],
    ),
    (
        "rate",
        ["rate my", "I liked the", "leave a review of the", "give stars to my", "my opinion of the"],
        ["califica mi", "me gustó la", "dejar una reseña de mi", "dar estrellas a mi", "mi opinión de la"],
    ),
    (
        "share",
        ["share my", "send a copy of my", "forward the", "mail me my", "give my to a friend"],
        ["comparte mi", "manda una copia de mi", "reenvía la", "mándame por correo mi", "dale mi a un amigo"],
    ),
];

/// The definition.
pub(crate) fn definition() -> String {
    let (mut tools, mut learned, mut parameters) = (String::new(), String::new(), String::new());
    // A supervisor has up to ten collaborators, so two stand between the front and the agents.
    let mut halves = [(String::new(), String::new()), (String::new(), String::new())];
    for (n, (topic, english, spanish)) in TOPICS.iter().enumerate() {
        let number = format!("{}_number", topic.to_lowercase());
        let (supervised, agents) = &mut halves[n / 10];
        let _ = write!(
            supervised,
            "
        - collaboratorName: agent{topic}
          collaboratorInstruction: When the customer has something to do with a {english}
          relayConversationHistory: TO_COLLABORATOR"
        );
        let _ = write!(
            agents,
            "
        - agentName: agent{topic}
          instruction: You take care of all that a customer has to do with a {english}, and nothing else.
          actionGroups:
            - actionGroupName: Ask{topic}
              parentActionGroupSignature: AMAZON.UserInput
            - actionGroupName: {topic}
              functionSchema:
                functions:"
        );
        let _ = write!(tools, "\n  {topic}:");
        let _ = write!(
            parameters,
            "
    {number}:
      patterns: ['\\b({letter}{letter}-\\d{{6}})\\b']
      label: {{en: the number of the {english}, es: 'el número de {spanish}'}}",
            letter = char::from(b'A' + u8::try_from(n).unwrap())
        );
        for (action, before, antes) in ACTIONS {
            let function = format!("{action}{topic}");
            let more =
                if action == "report" { "\n                      details: {type: string, required: true}" } else { "" };
            let _ = write!(
                agents,
                "
                  - name: {function}
                    description: To {action} a {english}.
                    parameters:
                      {number}: {{type: string, required: true}}{more}
                      {action}_day: {{type: string}}"
            );
            let call = match action {
                "order" => "insert: {table: things, row: {number: {randomDigits: 6}}, return: [number]}".to_owned(),
                _ => format!("lookup: {{table: things, match: {{number: {number}}}, return: [number]}}"),
            };
            let _ = write!(tools, "\n    {function}: {{{call}}}");
            let list = |words: [&str; 5], topic: &str| words.map(|words| format!("'{words} {topic}'")).join(", ");
            let _ = write!(
                learned,
                "
    {function}:
      examples:
        en: [{}]
        es: [{}]
      say: {{en: 'Your {english} {{{{ parameters.{number} }}}}: {action} is done.', es: 'Listo: {spanish} {{{{ parameters.{number} }}}}.'}}",
                list(before, english),
                list(antes, spanish)
            );
        }
    }
    let half = |name: &str, (supervised, agents): &(String, String)| {
        format!(
            "
    - agentName: {name}
      instruction: You lead those who take care of what customers have and want, ten kinds of things.
      agentCollaboration: SUPERVISOR_ROUTER
      collaboratorConfigurations:{supervised}
      collaborators:{agents}"
        )
    };
    let (first, second) = (half("first", &halves[0]), half("second", &halves[1]));
    format!(
        "name: large
languages: [en, es]
agent:
  agentName: front
  instruction: You are the first line of a company that does everything, and friendly to everybody.
  agentCollaboration: SUPERVISOR_ROUTER
  actionGroups:
    - actionGroupName: AskFront
      parentActionGroupSignature: AMAZON.UserInput
  collaboratorConfigurations:
    - {{collaboratorName: first, collaboratorInstruction: When it is about things of the first half, relayConversationHistory: TO_COLLABORATOR}}
    - {{collaboratorName: second, collaboratorInstruction: When it is about things of the second half, relayConversationHistory: TO_COLLABORATOR}}
  collaborators:{first}{second}
conversation: {{}}
tools:{tools}
tables:
  things: {{key: number}}
offline:
  functions:{learned}
  parameters:{parameters}
"
    )
}

/// What its customers say, each time something else.
pub(crate) fn said(turn: usize) -> String {
    let (n, (_, english, spanish)) = (turn * 7 % TOPICS.len(), TOPICS[turn * 7 % TOPICS.len()]);
    let (_, before, antes) = ACTIONS[turn * 3 % ACTIONS.len()];
    let (letter, number) = (char::from(b'A' + u8::try_from(n).unwrap()), 100_000 + turn * 37);
    let words = turn / 3 % before.len();
    match turn % 4 {
        0 => format!("hello, {} {english}? it is {letter}{letter}-{number}", before[words]),
        1 => format!("{} {english}, please, before day {turn}", before[words]),
        2 => format!("{letter}{letter}-{number}"),
        _ => format!("{} {spanish} {letter}{letter}-{number} por favor", antes[words]),
    }
}
