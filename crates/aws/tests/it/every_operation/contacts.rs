//! A contact's data.

use aws_sdk_connect::{
    primitives::DateTime,
    types::{
        ChatParticipantRoleConfig, ParticipantTimerConfiguration, ParticipantTimerType, ParticipantTimerValue,
        Reference, ReferenceType, SearchContactsTimeRange, SearchContactsTimeRangeType, SegmentAttributeValue,
        TimerEligibleParticipantRoles, UpdateParticipantRoleConfigChannelInfo,
    },
};

use super::{Service, chats};
use crate::laptop::{FLOW, INSTANCE, NOW, QUEUE};

pub(super) async fn walk(service: &Service) {
    let sdk = &service.connect;
    let contact_id = chats::start(sdk).await.contact_id.unwrap();
    let attributes = sdk.update_contact_attributes().instance_id(INSTANCE).initial_contact_id(&contact_id);
    attributes.attributes("campaign", "spring").send().await.unwrap();
    let read = sdk.get_contact_attributes().instance_id(INSTANCE).initial_contact_id(&contact_id);
    assert_eq!(read.send().await.unwrap().attributes().unwrap()["campaign"], "spring");

    let reference = Reference::builder().r#type(ReferenceType::Url).value("https://example.com/1").build().unwrap();
    let late = SegmentAttributeValue::builder().value_string("late").build();
    let update = sdk.update_contact().instance_id(INSTANCE).contact_id(&contact_id).name("A late parcel");
    update.references("order", reference).segment_attributes("kind", late).send().await.unwrap();
    let references = sdk.list_contact_references().instance_id(INSTANCE).contact_id(&contact_id);
    let references = references.reference_types(ReferenceType::Url).send().await.unwrap();
    assert_eq!(references.reference_summary_list()[0].as_url().unwrap().name(), Some("order"));
    let tag = sdk.tag_contact().instance_id(INSTANCE).contact_id(&contact_id);
    tag.tags("team", "a").tags("shift", "b").send().await.unwrap();
    sdk.untag_contact().instance_id(INSTANCE).contact_id(&contact_id).tag_keys("shift").send().await.unwrap();
    let routing = sdk.update_contact_routing_data().instance_id(INSTANCE).contact_id(&contact_id);
    routing.queue_priority(2).send().await.unwrap();

    let timer = ParticipantTimerConfiguration::builder()
        .participant_role(TimerEligibleParticipantRoles::Customer)
        .timer_type(ParticipantTimerType::Idle)
        .timer_value(ParticipantTimerValue::ParticipantTimerDurationInMinutes(2))
        .build()
        .unwrap();
    let timers = ChatParticipantRoleConfig::builder().participant_timer_config_list(timer).build().unwrap();
    let config = sdk.update_participant_role_config().instance_id(INSTANCE).contact_id(&contact_id);
    config.channel_configuration(UpdateParticipantRoleConfigChannelInfo::Chat(timers)).send().await.unwrap();

    let described = sdk.describe_contact().instance_id(INSTANCE).contact_id(&contact_id).send().await.unwrap();
    let described = described.contact.unwrap();
    assert_eq!((described.name(), described.queue_priority()), (Some("A late parcel"), Some(2)));
    assert_eq!(described.tags().unwrap().len(), 1);
    assert_eq!(described.initiation_timestamp().unwrap().secs() / 1_000, NOW / 1_000_000);

    let transfer = sdk.transfer_contact().instance_id(INSTANCE).contact_id(&contact_id).contact_flow_id(FLOW);
    let refused = transfer.queue_id(QUEUE).send().await.unwrap_err().into_service_error();
    assert!(refused.is_invalid_request_exception(), "{refused:?}");

    let range = SearchContactsTimeRange::builder()
        .r#type(SearchContactsTimeRangeType::InitiationTimestamp)
        .start_time(DateTime::from_secs(NOW / 1_000 - 60))
        .end_time(DateTime::from_secs(NOW / 1_000 + 3_600))
        .build()
        .unwrap();
    let found = sdk.search_contacts().instance_id(INSTANCE).time_range(range).send().await.unwrap();
    assert!(found.contacts().iter().any(|contact| contact.id() == Some(contact_id.as_str())), "{found:?}");
    sdk.stop_contact().instance_id(INSTANCE).contact_id(&contact_id).send().await.unwrap();
}
