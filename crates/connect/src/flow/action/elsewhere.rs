//! Actions of other channels, and of services that are not here: each does in a chat what AWS says, which is to take its
//! error branch or to change nothing.

use super::{Block, Branches, Enter, Shape};
use crate::flow::{
    condition::Operator,
    reader::Reader,
    scope::Scope,
    transitions::{
        ErrorType::{
            self, CallFailed, CallbackNumberNotDialable, ChannelMismatch, ConnectionTimeLimitExceeded,
            ContactNotLinked, InFlightRedactionConfigurationFailed, InputTimeLimitExceeded, InvalidCallbackNumber,
            MultipleFound, MultipleFoundError, NoMatchingCondition, NoMatchingError, NoneFound, NoneFoundError,
            TimeLimitExceeded,
        },
        Exit,
    },
};

/// A type of action that is known, and what becomes of it.
#[derive(Debug, Clone, Copy)]
pub(in crate::flow) struct Kind {
    /// Its type, as the flow writes it.
    pub(in crate::flow) name: &'static str,
    why: Why,
    required: &'static [ErrorType],
    optional: &'static [ErrorType],
    conditions: bool,
}

/// Why it is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// A chat takes this error branch.
    NotInChat(ErrorType),
    /// A chat goes on as if it were not there.
    NoEffect,
    /// It needs this service of AWS, which a local contact centre has not.
    Needs(&'static str),
    /// It ends the flow where it succeeds, and there is nobody it could succeed with.
    NeedsAndEnds(&'static str),
}

const CASES: Why = Why::Needs("Amazon Connect Cases");
const PROFILES: Why = Why::Needs("Customer Profiles");
const TABLES: Why = Why::Needs("data tables");

const fn kind(name: &'static str, why: Why, required: &'static [ErrorType], optional: &'static [ErrorType]) -> Kind {
    Kind { name, why, required, optional, conditions: false }
}

const fn fork(name: &'static str, why: Why, required: &'static [ErrorType], optional: &'static [ErrorType]) -> Kind {
    Kind { name, why, required, optional, conditions: true }
}

const CATCH_ALL: &[ErrorType] = &[NoMatchingError];
const FOUND: &[ErrorType] = &[MultipleFoundError, NoneFoundError];
const CASE: &[ErrorType] = &[MultipleFound, NoneFound, ContactNotLinked];

/// All of them. Channels: AWS admin guide, supported channels of blocks.
pub(in crate::flow) const KINDS: &[Kind] = &[
    kind("AssociateContactToCustomerProfile", PROFILES, CATCH_ALL, FOUND),
    fork(
        "AuthenticateParticipant",
        Why::Needs("customer authentication"),
        CATCH_ALL,
        &[NoMatchingCondition, TimeLimitExceeded],
    ),
    fork("CheckOutboundCallStatus", Why::NotInChat(NoMatchingError), CATCH_ALL, &[NoMatchingCondition]),
    fork("CheckVoiceId", Why::NotInChat(NoMatchingError), CATCH_ALL, &[NoMatchingCondition]),
    kind("CompleteOutboundCall", Why::NotInChat(NoMatchingError), &[], CATCH_ALL),
    fork(
        "ConnectParticipantWithAgenticCX",
        Why::Needs("an AI agent of AWS"),
        CATCH_ALL,
        &[NoMatchingCondition, InputTimeLimitExceeded, TimeLimitExceeded],
    ),
    kind("CreateCallbackContact", Why::NotInChat(NoMatchingError), CATCH_ALL, &[]),
    kind("CreateCase", CASES, CATCH_ALL, CASE),
    kind("CreateCustomerProfile", PROFILES, CATCH_ALL, FOUND),
    kind("CreatePersistentContactAssociation", Why::Needs("persistent chat by flow"), CATCH_ALL, &[]),
    kind("CreateTask", Why::Needs("tasks"), CATCH_ALL, &[]),
    kind("CreateWisdomSession", Why::Needs("Amazon Q in Connect"), CATCH_ALL, &[]),
    fork("EvaluateDataTableValues", TABLES, CATCH_ALL, &[NoMatchingCondition]),
    kind("GetCalculatedAttributesForCustomerProfile", PROFILES, CATCH_ALL, FOUND),
    kind("GetCase", CASES, CATCH_ALL, CASE),
    kind("GetCustomerProfile", PROFILES, CATCH_ALL, FOUND),
    kind("GetCustomerProfileObject", PROFILES, CATCH_ALL, FOUND),
    kind("ListDataTableValues", TABLES, CATCH_ALL, &[]),
    kind("LoadContactContent", Why::NotInChat(NoMatchingError), CATCH_ALL, &[]),
    kind("ResumeContact", Why::NotInChat(NoMatchingError), CATCH_ALL, &[]),
    kind("StartOutboundChatContact", Why::Needs("outbound chat"), CATCH_ALL, &[]),
    kind("StartVoiceIdStream", Why::NotInChat(NoMatchingError), CATCH_ALL, &[]),
    Kind {
        name: "TransferContactToAgent",
        why: Why::NeedsAndEnds("an agent's own queue"),
        required: &[],
        optional: CATCH_ALL,
        conditions: false,
    },
    kind(
        "TransferParticipantToThirdParty",
        Why::NotInChat(NoMatchingError),
        CATCH_ALL,
        &[CallFailed, ConnectionTimeLimitExceeded],
    ),
    kind("UpdateCase", CASES, CATCH_ALL, CASE),
    kind(
        "UpdateContactCallbackNumber",
        Why::NotInChat(InvalidCallbackNumber),
        &[InvalidCallbackNumber, CallbackNumberNotDialable],
        CATCH_ALL,
    ),
    kind("UpdateContactMediaStreamingBehavior", Why::NotInChat(NoMatchingError), CATCH_ALL, &[]),
    kind(
        "UpdateContactRecordingAndAnalyticsBehavior",
        Why::NoEffect,
        &[NoMatchingError, ChannelMismatch],
        &[InFlightRedactionConfigurationFailed],
    ),
    kind("UpdateCustomerProfile", PROFILES, CATCH_ALL, FOUND),
    kind("UpdatePreviousContactParticipantState", Why::NotInChat(NoMatchingError), CATCH_ALL, &[]),
    kind("UpdateRoutingCriteria", Why::NoEffect, CATCH_ALL, &[]),
    kind("UpsertDataTableValues", TABLES, CATCH_ALL, &[]),
];

/// An action of one of these types.
#[derive(Debug, Clone)]
pub(in crate::flow) struct Elsewhere {
    kind: &'static Kind,
    /// `UpdateContactRecordingAndAnalyticsBehavior` for another channel than chat.
    mismatch: bool,
    redacts_in_flight: bool,
}

impl Elsewhere {
    pub(in crate::flow) fn kind(type_name: &str) -> Option<&'static Kind> {
        KINDS.iter().find(|kind| kind.name == type_name)
    }

    pub(super) fn read(kind: &'static Kind, mut reader: Reader<'_>) -> Self {
        let name = kind.name;
        match kind.why {
            Why::NotInChat(error) => {
                reader.warn("voice-only", format!("a chat takes the branch {} of {name}", error.name()));
            }
            Why::NoEffect => reader.note("no-effect-here", format!("{name} changes nothing here")),
            Why::Needs(service) | Why::NeedsAndEnds(service) => reader.warn(
                "no-service-here",
                format!("{name} needs {service}, which is not here: the error branch is taken"),
            ),
        }
        let (voice, chat) = (reader.any("VoiceBehavior").is_some(), reader.any("ChatBehavior").is_some());
        reader.anything();
        let analytics = name == "UpdateContactRecordingAndAnalyticsBehavior";
        Self { kind, mismatch: analytics && voice && !chat, redacts_in_flight: analytics && chat }
    }

    pub(in crate::flow) fn type_name(&self) -> &'static str {
        self.kind.name
    }
}

impl Block for Elsewhere {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: !self.kind.conditions && !matches!(self.kind.why, Why::NeedsAndEnds(_)),
            required: if self.redacts_in_flight {
                &[NoMatchingError, ChannelMismatch, InFlightRedactionConfigurationFailed]
            } else {
                self.kind.required
            },
            optional: self.kind.optional,
            refused: &[],
            branches: if self.kind.conditions { Branches::Own(&[Operator::Equals], None) } else { Branches::No },
        }
    }

    fn enter(&self, _scope: &mut Scope<'_>) -> Enter {
        match self.kind.why {
            Why::NoEffect if self.mismatch => Enter::Leave(Exit::Error(ChannelMismatch)),
            Why::NoEffect => Enter::Leave(Exit::Next),
            Why::NotInChat(error) => Enter::Leave(Exit::Error(error)),
            Why::Needs(_) | Why::NeedsAndEnds(_) => Enter::Leave(Exit::Error(NoMatchingError)),
        }
    }
}
