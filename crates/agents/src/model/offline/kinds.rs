//! What a parameter without patterns holds, judged by its name, label, description and question.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::text::plain_words;

/// What a text parameter holds that declares no patterns and no values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name: words that are nobody's vocabulary.
    Name(Part),
    /// A code, a number, an address of mail: it has digits or signs in it.
    Identifier,
    /// A day or an hour.
    Date,
    /// Something of a few words.
    Phrase,
    /// What the customer has to say, however long.
    Text,
}

/// Which part of a person's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The whole name.
    Whole,
    /// The first name.
    First,
    /// The family's name.
    Family,
    /// The name of somebody or something else: a doctor, a town.
    Other,
}

const TEXTS: &str = "description comment comments message reason details text note notes feedback problem issue question \
    complaint request matter about topic subject descripcion comentario comentarios mensaje motivo razon detalle detalles \
    problema consulta pregunta reclamo queja asunto descricao mensagem motivo razao observacao observacoes pergunta \
    reclamacao assunto raison commentaire beschreibung nachricht grund kommentar descrizione messaggio domanda";
const FAMILY: &str = "surname lastname apellido apellidos sobrenome apelido nachname familienname cognome";
const GIVEN: &str = "firstname forename vorname prenom prenome";
const NAMES: &str = "name fullname nombre nome nom nombres names";
const OTHERS: &str = "doctor doctora medico medica dentist therapist physician doutor doutora arzt medecin dottore city town \
    ciudad cidade ville stadt citta country pais employee teacher profesor professor";
const IDENTIFIERS: &str = "id number code reference ref phone telephone mobile email mail passport account iban plate numero \
    codigo referencia telefono telefone celular correo pasaporte passaporte cuenta conta documento document matricula nif \
    cpf dni rut nummer telefon konto numero codice telefono";
const DATES: &str = "date day when time hour birthday arrival departure fecha dia cuando hora data quando datum tag uhrzeit \
    jour heure giorno ora checkin checkout nacimiento nascimento";

impl Kind {
    /// By what is said of it, the surest text first: its name and label, its question, its description.
    pub(super) fn of(texts: [&str; 3]) -> Self {
        texts.into_iter().find_map(Self::told).unwrap_or(Self::Phrase)
    }

    fn told(text: &str) -> Option<Self> {
        let words = plain_words(text);
        let has = |list: &str| words.iter().any(|w| list.split_whitespace().any(|l| l == w));
        let pair = |a: &str, b: &str| words.windows(2).any(|w| matches!(w, [x, y] if x == a && y == b));
        if has(FAMILY) || pair("last", "name") || pair("family", "name") {
            return Some(Self::Name(Part::Family));
        }
        if has(GIVEN) || pair("first", "name") || pair("given", "name") || pair("primeiro", "nome") {
            return Some(Self::Name(Part::First));
        }
        if has(NAMES) {
            let first = pair("primer", "nombre") || pair("nombre", "pila");
            return Some(Self::Name(if first { Part::First } else { Part::Whole }));
        }
        let kinds = [(IDENTIFIERS, Self::Identifier), (DATES, Self::Date), (TEXTS, Self::Text)];
        let found = kinds.into_iter().find(|(list, _)| has(list)).map(|(_, kind)| kind);
        found.or_else(|| has(OTHERS).then_some(Self::Name(Part::Other)))
    }

    /// More words than this are no such value.
    pub(super) fn longest(self) -> usize {
        match self {
            Self::Name(_) => 6,
            Self::Identifier | Self::Date => 8,
            Self::Phrase => 12,
            Self::Text => usize::MAX,
        }
    }

    /// How such a value looks wherever it stands.
    pub(super) fn shapes(self) -> Vec<Regex> {
        if self == Self::Date { DATE_SHAPES.clone() } else { Vec::new() }
    }
}

/// Whether a text is a day.
pub(super) fn is_date(text: &str) -> bool {
    DATE_SHAPES.iter().any(|shape| shape.is_match(text))
}

static DATE_SHAPES: LazyLock<Vec<Regex>> = LazyLock::new(date_shapes);

fn date_shapes() -> Vec<Regex> {
    const DAY: &str = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|lunes|martes|mi[ée]rcoles|\
            jueves|viernes|s[áa]bado|domingo|hoy|hoje|amanh[ãa]|segunda|ter[çc]a|quarta|quinta|sexta|lundi|mardi|mercredi|\
            jeudi|vendredi|samedi|dimanche|demain|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|heute";
    const MONTH: &str = "january|february|march|april|may|june|july|august|september|october|november|december|enero|\
            febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|janeiro|fevereiro|mar[çc]o|\
            maio|junho|julho|setembro|outubro|novembro|dezembro";
    let shapes = [
        r"\b(\d{4}-\d{2}-\d{2})\b".to_owned(),
        r"\b(\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?)\b".to_owned(),
        format!(r"(?i)\b(\d{{1,2}}\.?(?:st|nd|rd|th)?(?: de | of | )(?:{MONTH})(?:(?: de |,? )\d{{4}})?)\b"),
        format!(r"(?i)\b((?:{MONTH}) \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?)\b"),
        format!(r"(?i)\b((?:(?:next|this|pr[óo]xim[oa]|este|esta) )?(?:{DAY}))\b"),
    ];
    shapes.iter().filter_map(|shape| Regex::new(shape).ok()).collect()
}

/// What people put around a value they were asked for: "it is …", "my name is …", "sure, …", "… please".
pub(super) fn frames() -> BTreeSet<&'static str> {
    "its it is im i am my the name named called s this that would be yes yeah sure ok okay well hi hello please pls of course \
     thanks thank you sorry under on for at with to a an in and by surname lastname \
     es son soy me llamo mi el la los las nombre apellido si claro bueno dale gracias favor por hola con y mio para del lo un una \
     e sou chamo meu minha o os as nome sobrenome sim obrigado obrigada com ola na em eh da seria do \
     oui je suis m appelle mon nom c est merci le les ja ich heisse bin mein meine ist name der die das danke bitte \
     mi chiamo sono il mio nome grazie certo"
        .split_whitespace()
        .collect()
}

/// Nouns for an identifier in anybody's mouth: beside one they are no value of their own.
pub(super) fn nouns() -> BTreeSet<&'static str> {
    "code number no nr num id ref reference booking order ticket reservation account card code codigo numero n reserva pedido \
     referencia conta cuenta tarjeta cartao documento document nummer bestellung buchung numero commande"
        .split_whitespace()
        .collect()
}

/// Little words inside names.
pub(super) fn is_particle(word: &str) -> bool {
    "de da do dos das del la las los le du di della van von der den ter zu e y i bin ibn al el san santa st mc dr dra mr mrs ms"
        .split_whitespace()
        .any(|w| w == word)
}

/// Words of those who have no such value.
pub(super) fn is_ignorance(word: &str) -> bool {
    "forgot forgotten unknown idea none nothing whatever olvide ninguno ninguna idea esqueci nenhum nenhuma lembro acuerdo \
     recuerdo sei vergessen oublie"
        .split_whitespace()
        .any(|w| w == word)
}

/// Words that begin a question.
pub(super) fn is_interrogative(word: &str) -> bool {
    "what why how where when which who whose can could do does did is are will would should may que por porque como donde \
     cuando cual quien cuanto puedo puede puedes podria podrias quanto onde quando qual quem pode posso poderia pourquoi \
     comment ou quand quel quelle peux pouvez warum wie wo wann wer welche kann konnen perche dove chi posso"
        .split_whitespace()
        .any(|w| w == word)
}

/// How people say their own name, in the words before it.
pub(super) const INTRODUCTIONS: &[&[&str]] = &[
    &["my", "name", "is"],
    &["my", "names"],
    &["my", "full", "name", "is"],
    &["me", "llamo"],
    &["mi", "nombre", "es"],
    &["me", "chamo"],
    &["meu", "nome", "e"],
    &["je", "m", "appelle"],
    &["ich", "heisse"],
    &["mein", "name", "ist"],
    &["mi", "chiamo"],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_judged_by_what_is_said_of_it() {
        for (texts, want) in [
            (["surname", "And your surname?", ""], Kind::Name(Part::Family)),
            (["patient first name", "", ""], Kind::Name(Part::First)),
            (["guest", "¿Cuál es su nombre?", ""], Kind::Name(Part::Whole)),
            (["doctor", "", "The doctor"], Kind::Name(Part::Other)),
            (["member id", "", ""], Kind::Identifier),
            (["arrival", "", "The day of the arrival"], Kind::Date),
            (["comment", "", "Anything else to say"], Kind::Text),
            (["colour", "", "The car's colour"], Kind::Phrase),
        ] {
            assert_eq!(Kind::of(texts), want, "{texts:?}");
        }
    }

    #[test]
    fn dates_are_seen_wherever_they_stand() {
        let shapes = Kind::Date.shapes();
        assert_eq!(shapes.len(), 5, "all of them are regular expressions");
        for text in ["on 2026-05-04", "el 4/5/2026", "5 de marzo de 2026", "March 5th", "next Friday", "amanhã às 9"]
        {
            assert!(shapes.iter().any(|s| s.is_match(text)), "{text}");
        }
        assert!(!shapes.iter().any(|s| s.is_match("for 3 people")));
    }
}
