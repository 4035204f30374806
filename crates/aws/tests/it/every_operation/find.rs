//! What there is in the instance: every list, and the first thing of it described.

use aws_sdk_connect::types::{
    Channel, CurrentMetric, CurrentMetricName, Filters, Grouping, QueueSearchCriteria, QueueType, SearchableQueueType,
    Unit,
};
use relevo_connect::desk::{AgentSettings, AgentStatus};

use super::Service;
use crate::laptop::INSTANCE;

pub(super) async fn walk(service: &Service) {
    let sdk = &service.connect;
    service
        .centre
        .set_agent("Eva", AgentSettings { status: AgentStatus::Busy, max_chats: 1, queues: None })
        .await
        .unwrap();

    let instances = sdk.list_instances().send().await.unwrap();
    let listed = instances.instance_summary_list()[0].clone();
    let described = sdk.describe_instance().instance_id(INSTANCE).send().await.unwrap().instance.unwrap();
    assert_eq!((listed.id(), listed.arn()), (described.id(), described.arn()));

    let mut pages = sdk.list_queues().instance_id(INSTANCE).into_paginator().page_size(1).send();
    let (mut queues, mut count) = (Vec::new(), 0);
    while let Some(page) = pages.next().await {
        queues.extend(page.unwrap().queue_summary_list.unwrap());
        count += 1;
    }
    assert_eq!((queues.len(), count), (2, 2), "the queue and Eva's own, one a page: {queues:?}");
    let standard = queues.iter().find(|queue| queue.queue_type() == Some(&QueueType::Standard)).unwrap();
    let (id, arn) = (standard.id().unwrap(), standard.arn().unwrap());
    for named in [id, arn] {
        let queue = sdk.describe_queue().instance_id(INSTANCE).queue_id(named).send().await.unwrap().queue.unwrap();
        assert_eq!(queue.name(), Some("people"));
        assert_eq!(queue.hours_of_operation_id(), Some("always"));
    }
    let standard = QueueSearchCriteria::builder().queue_type_condition(SearchableQueueType::Standard).build();
    let found = sdk.search_queues().instance_id(INSTANCE).search_criteria(standard).send().await.unwrap();
    assert_eq!(found.queues().iter().map(|queue| queue.queue_id().unwrap()).collect::<Vec<_>>(), [id]);

    let users = sdk.list_users().instance_id(INSTANCE).send().await.unwrap();
    let user = users.user_summary_list()[0].id().unwrap();
    let user = sdk.describe_user().instance_id(INSTANCE).user_id(user).send().await.unwrap().user.unwrap();
    assert_eq!(user.username(), Some("Eva"));
    let profiles = sdk.list_routing_profiles().instance_id(INSTANCE).send().await.unwrap();
    assert_eq!(profiles.routing_profile_summary_list()[0].id(), user.routing_profile_id());

    let hours = sdk.list_hours_of_operations().instance_id(INSTANCE).send().await.unwrap();
    let id = hours.hours_of_operation_summary_list()[0].id().unwrap();
    let hours = sdk.describe_hours_of_operation().instance_id(INSTANCE).hours_of_operation_id(id).send().await.unwrap();
    assert_eq!(hours.hours_of_operation().unwrap().name(), Some("Always"));
    let functions = sdk.list_lambda_functions().instance_id(INSTANCE).send().await.unwrap();
    assert_eq!(functions.lambda_functions(), ["arn:aws:lambda:us-east-1:123456789012:function:start"]);

    let metric = CurrentMetric::builder().name(CurrentMetricName::ContactsInQueue).unit(Unit::Count).build();
    let filters = Filters::builder().queues(crate::laptop::QUEUE).channels(Channel::Chat).build();
    let figures = sdk.get_current_metric_data().instance_id(INSTANCE).filters(filters).groupings(Grouping::Queue);
    let figures = figures.current_metrics(metric).send().await.unwrap();
    assert_eq!(figures.metric_results()[0].collections()[0].value(), Some(0.0));
}
