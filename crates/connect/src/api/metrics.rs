//! `ChatMetrics` of `DescribeContact`: how the customer, the bot and the agent interact. The names are those of the
//! service model, the meanings those of the administrator guide ("Data model for contact records", "Metric
//! definitions").

/// `ChatMetrics`. Of a chat that goes on they say how it stands; what only the end tells is absent until then.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChatMetrics {
    /// `ChatContactMetrics`.
    pub contact: ContactMetrics,
    /// `CustomerMetrics`.
    pub customer: Option<ParticipantMetrics>,
    /// `AgentMetrics`, of the agent that `AgentInfo` names.
    pub agent: Option<ParticipantMetrics>,
}

/// `ChatContactMetrics`: of the whole contact. `MultiParty` is not among them: one agent at a time is all there is here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactMetrics {
    /// Messages on the contact.
    pub total_messages: usize,
    /// Those of the bot and of the flow ("bot and automated messages").
    pub total_bot_messages: usize,
    /// Their characters.
    pub total_bot_message_length: usize,
    /// From the customer's last message to the end.
    pub conversation_close_time_ms: Option<i64>,
    /// How often somebody answered the customer.
    pub conversation_turns: usize,
    /// The agent's first message, ms since the epoch.
    pub agent_first_response_ms: Option<i64>,
    /// How long after the agent was connected that was.
    pub agent_first_response_time_ms: Option<i64>,
}

/// `ParticipantMetrics`: of one participant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParticipantMetrics {
    /// Whose they are.
    pub participant_id: String,
    /// Whether the participant has said nothing until the end ("Conversations abandoned").
    pub conversation_abandon: Option<bool>,
    /// Its messages.
    pub messages_sent: usize,
    /// How often it answered the other: of several messages in a row, the first.
    pub responses: usize,
    /// The characters of its messages.
    pub message_length: usize,
    /// How long the other waited for its answers, together.
    pub total_response_time_ms: i64,
    /// The longest of these.
    pub max_response_time_ms: Option<i64>,
    /// Its last message, ms since the epoch.
    pub last_message_ms: Option<i64>,
}
