//! Flows that the API makes.

use aws_sdk_connect::types::{ContactFlowSearchCriteria, ContactFlowState, ContactFlowType};

use super::{Service, chats};
use crate::laptop::{FLOW, INSTANCE};

pub(super) async fn walk(service: &Service) {
    let sdk = &service.connect;
    let made = sdk.create_contact_flow().instance_id(INSTANCE).name("A copy").r#type(ContactFlowType::ContactFlow);
    let made = made.content(chats::FLOW_JSON).description("d").tags("team", "a").send().await.unwrap();
    let id = made.contact_flow_id().unwrap();
    let content = sdk.update_contact_flow_content().instance_id(INSTANCE).contact_flow_id(id);
    content.clone().content(chats::FLOW_JSON).send().await.unwrap();
    let wrong = content.content("{").send().await.unwrap_err().into_service_error();
    assert!(wrong.is_invalid_contact_flow_exception(), "{wrong:?}");
    sdk.update_contact_flow_name().instance_id(INSTANCE).contact_flow_id(id).name("Another").send().await.unwrap();
    let metadata = sdk.update_contact_flow_metadata().instance_id(INSTANCE).contact_flow_id(id);
    metadata.contact_flow_state(ContactFlowState::Archived).send().await.unwrap();
    let flow = sdk.describe_contact_flow().instance_id(INSTANCE).contact_flow_id(id).send().await.unwrap();
    let flow = flow.contact_flow.unwrap();
    assert_eq!((flow.name(), flow.state()), (Some("Another"), Some(&ContactFlowState::Archived)));
    assert_eq!((flow.content(), flow.tags().unwrap()["team"].as_str()), (Some(chats::FLOW_JSON), "a"));

    let listed = sdk.list_contact_flows().instance_id(INSTANCE).into_paginator().page_size(1).items().send();
    let ids: Vec<String> = listed.try_collect().await.unwrap().into_iter().map(|flow| flow.id.unwrap()).collect();
    assert!(ids.len() == 2 && [FLOW, id].iter().all(|known| ids.iter().any(|it| it == known)), "{ids:?}");
    let archived = ContactFlowSearchCriteria::builder().state_condition(ContactFlowState::Archived).build();
    let found = sdk.search_contact_flows().instance_id(INSTANCE).search_criteria(archived).send().await.unwrap();
    assert_eq!(found.contact_flows()[0].id(), Some(id));
}
