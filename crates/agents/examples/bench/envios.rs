//! What the customers of `examples/envios` say, each time something else.

const SAID: [&str; 12] = [
    "hola, quiero saber cuándo llega mi pedido",
    "es el 1002%",
    "mi rut es 12.345.678-9 y lo pedí hace % días",
    "¿y a qué dirección va? el repartidor no pasó por la calle %",
    "quiero abrir un reclamo por el pedido 1002%",
    "la caja número % llegó rota y nadie me responde, estoy muy molesto",
    "where is my parcel 1002%? my id is 12345678-9",
    "it was promised for the % of this month, and I am still waiting for it",
    "gracias, eso es todo por ahora, % gracias",
    "how is ticket 10020030% going? 12345678-9",
    "sorry, it is 1002%",
    "no me sirve, ya esperé % semanas y no llega nada",
];

/// A turn's words.
pub(crate) fn said(turn: usize) -> String {
    SAID[turn % SAID.len()].replace('%', &format!("{:04}", 17 + turn * 7 % 9_000))
}
