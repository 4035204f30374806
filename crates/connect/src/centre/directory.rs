//! The operations that list and describe what there is in the instance.

use super::{Centre, HoursOfOperation, QueueConfig, inner::Inner};
use crate::{
    directory::{QueueEntry, QueueFigures, ROUTING_PROFILE, UserEntry, stable_id, user_id},
    error::{Error, ErrorKind},
};

impl Centre {
    /// `DescribeInstance`: whether this is the instance.
    ///
    /// # Errors
    /// `NotFound`: it is another.
    pub fn check_instance(&self, instance_id: &str) -> Result<(), Error> {
        self.inner.check_instance(instance_id)
    }

    /// `ListQueues`: the queues of the configuration, then those of the agents.
    ///
    /// # Errors
    /// `NotFound`: it is another instance.
    pub fn list_queues(&self, instance_id: &str) -> Result<Vec<QueueEntry>, Error> {
        self.inner.check_instance(instance_id)?;
        Ok(self.inner.queue_entries())
    }

    /// `DescribeQueue`, by id or ARN.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn describe_queue(&self, instance_id: &str, queue_id: &str) -> Result<QueueEntry, Error> {
        self.inner.check_instance(instance_id)?;
        found("queue", queue_id, self.inner.queue_entries(), |it| (&it.id, &it.arn))
    }

    /// `GetCurrentMetricData`: the figures of queues now, together, by their ids. An agent that serves several counts once.
    ///
    /// # Errors
    /// `NotFound`: it is another instance.
    pub fn queue_figures(&self, instance_id: &str, queue_ids: &[&str]) -> Result<QueueFigures, Error> {
        self.inner.check_instance(instance_id)?;
        Ok(self.inner.queue.figures(queue_ids))
    }

    /// The time, by the centre's clock: ms since the epoch.
    pub fn now_ms(&self) -> i64 {
        self.inner.now_ms()
    }

    /// `ListUsers`: the agents that have ever signed in at the desk, by name.
    ///
    /// # Errors
    /// `NotFound`: it is another instance.
    pub fn list_users(&self, instance_id: &str) -> Result<Vec<UserEntry>, Error> {
        self.inner.check_instance(instance_id)?;
        Ok(self.inner.user_entries())
    }

    /// `DescribeUser`, by id or ARN.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn describe_user(&self, instance_id: &str, user_id: &str) -> Result<UserEntry, Error> {
        self.inner.check_instance(instance_id)?;
        found("user", user_id, self.inner.user_entries(), |it| (&it.id, &it.arn))
    }

    /// `ListRoutingProfiles`: id and ARN of the one there is, [`ROUTING_PROFILE`].
    ///
    /// # Errors
    /// `NotFound`: it is another instance.
    pub fn routing_profile(&self, instance_id: &str) -> Result<(String, String), Error> {
        self.inner.check_instance(instance_id)?;
        let id = stable_id("routing-profile", ROUTING_PROFILE);
        let arn = self.config().arn("routing-profile", &id);
        Ok((id, arn))
    }

    /// `ListHoursOfOperations`.
    ///
    /// # Errors
    /// `NotFound`: it is another instance.
    pub fn list_hours(&self, instance_id: &str) -> Result<Vec<HoursOfOperation>, Error> {
        self.inner.check_instance(instance_id)?;
        Ok(self.config().hours.clone())
    }

    /// `DescribeHoursOfOperation`, by id or ARN.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn describe_hours(&self, instance_id: &str, hours_id: &str) -> Result<HoursOfOperation, Error> {
        let config = self.config();
        let mut hours = self.list_hours(instance_id)?.into_iter();
        hours
            .find(|it| it.id == hours_id || config.arn("operating-hours", &it.id) == hours_id)
            .ok_or_else(|| none("hours of operation", hours_id))
    }

    /// `ListLambdaFunctions`: the ARNs that the flows call, each once.
    ///
    /// # Errors
    /// `NotFound`: it is another instance.
    pub fn list_functions(&self, instance_id: &str) -> Result<Vec<String>, Error> {
        self.inner.check_instance(instance_id)?;
        let config = self.config();
        let called = config.flows.iter().flat_map(|entry| entry.flow.functions());
        let mut arns: Vec<String> = called.filter(|name| name.starts_with("arn:")).map(str::to_owned).collect();
        arns.sort();
        arns.dedup();
        Ok(arns)
    }
}

impl Inner {
    fn queue_entries(&self) -> Vec<QueueEntry> {
        let config = self.config();
        let standard = config.queues().map(|queue: &QueueConfig| QueueEntry {
            id: queue.id.clone(),
            arn: config.arn("queue", &queue.id),
            name: Some(queue.name.clone()),
            of_agent: false,
            hours_id: config.hours_of(Some(queue)).map(|hours| hours.id.clone()),
            capacity: queue.capacity,
        });
        let of_agents = self.user_entries().into_iter().map(|user| QueueEntry {
            arn: config.arn("queue/agent", &user.id),
            id: user.id,
            name: None,
            of_agent: true,
            hours_id: None,
            capacity: None,
        });
        standard.chain(of_agents).collect()
    }

    fn user_entries(&self) -> Vec<UserEntry> {
        let config = self.config();
        let entry = |view: crate::desk::AgentView| {
            let id = user_id(&view.agent.name);
            UserEntry { arn: config.arn("agent", &id), id, view }
        };
        self.queue.agents().into_iter().map(entry).collect()
    }
}

/// The one of this id or ARN.
fn found<T>(what: &str, named: &str, all: Vec<T>, names: impl Fn(&T) -> (&String, &String)) -> Result<T, Error> {
    let fits = |it: &T| {
        let (id, arn) = names(it);
        id == named || arn == named
    };
    all.into_iter().find(|it| fits(it)).ok_or_else(|| none(what, named))
}

fn none(what: &str, named: &str) -> Error {
    let shown: String = named.chars().take(300).collect();
    Error::new(ErrorKind::NotFound, format!("There is no {what} \"{shown}\"."))
}
