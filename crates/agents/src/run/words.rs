//! What the customer reads when the agents do not come to an end, or may not say it.

/// By primary language; English for any other.
pub(super) fn stuck(language: Option<&str>) -> &'static str {
    match primary(language).as_str() {
        "es" => "No he podido resolverlo. ¿Puedes decírmelo de otra manera, o prefieres hablar con una persona?",
        "pt" => "Não consegui resolver isso. Pode dizer de outra forma, ou prefere falar com uma pessoa?",
        "fr" => "Je n'ai pas réussi. Pouvez-vous le dire autrement, ou préférez-vous parler à une personne ?",
        "de" => "Das ist mir nicht gelungen. Können Sie es anders sagen, oder möchten Sie mit einem Menschen sprechen?",
        "it" => "Non ci sono riuscito. Può dirlo in un altro modo, o preferisce parlare con una persona?",
        _ => "I could not work this out. Could you say it in another way, or would you rather talk to a person?",
    }
}

/// In place of what a guardrail blocks. By primary language; English for any other.
pub(super) fn blocked(language: Option<&str>) -> &'static str {
    match primary(language).as_str() {
        "es" => "Con eso no puedo ayudarte. ¿Hay otra cosa que necesites?",
        "pt" => "Com isso não posso ajudar. Precisa de mais alguma coisa?",
        "fr" => "Je ne peux pas vous aider sur ce point. Avez-vous besoin d'autre chose ?",
        "de" => "Dabei kann ich nicht helfen. Brauchen Sie etwas anderes?",
        "it" => "Su questo non posso aiutare. Le serve altro?",
        _ => "I cannot help with that. Is there something else you need?",
    }
}

fn primary(language: Option<&str>) -> String {
    language.and_then(|tag| tag.split(['-', '_']).next()).unwrap_or_default().to_lowercase()
}
