//! The operations on flows. What is published is a flow of the configuration from then on.

use std::sync::Arc;

use super::{
    Centre, Config, FlowEntry,
    flow_book::{FlowBook, StoredFlow, check_length, publishable, split_alias},
    inner::Inner,
    keys,
};
use crate::{
    api::flows::{CreateContactFlow, UpdateContactFlow},
    directory::{FlowDescription, FlowSummary},
    error::{Error, ErrorKind},
    flow::{Flow, FlowKind},
    ports::Batch,
};

impl Centre {
    /// `ListContactFlows`: those of the configuration, then those of the API. Modules are none.
    ///
    /// # Errors
    /// `NotFound`: it is another instance.
    pub async fn list_contact_flows(&self, instance_id: &str) -> Result<Vec<FlowSummary>, Error> {
        self.inner.check_instance(instance_id)?;
        let (config, book) = (self.config(), self.inner.flows.lock().await);
        let given = given(&config, &book).map(|entry| summary(entry, &config));
        let made = book.0.values().map(|flow| flow.summary(&config));
        Ok(given.filter(|flow| flow.kind != FlowKind::Module).chain(made).collect())
    }

    /// `DescribeContactFlow`, by id or ARN, with `:$SAVED` behind it or not.
    ///
    /// # Errors
    /// `NotFound`; `ContactFlowNotPublished`: there is a draft alone, and it was not asked for.
    pub async fn describe_contact_flow(&self, instance_id: &str, flow_id: &str) -> Result<FlowDescription, Error> {
        self.inner.check_instance(instance_id)?;
        let (config, book) = (self.config(), self.inner.flows.lock().await);
        let (id, saved) = split_alias(flow_id, &config);
        if let Some(flow) = book.0.get(id) {
            return flow.describe(saved, &config);
        }
        let entry = given(&config, &book).find(|entry| entry.id == id).ok_or_else(|| unknown(id))?;
        Ok(FlowDescription {
            summary: summary(entry, &config),
            content: entry.flow.source().to_owned(),
            tags: crate::api::Attributes::new(),
            modified_ms: None,
        })
    }

    /// `CreateContactFlow`: the flow's id and ARN.
    ///
    /// # Errors
    /// `DuplicateResource`: the name is taken; `InvalidContactFlow`: it cannot be published.
    pub async fn create_contact_flow(&self, request: CreateContactFlow) -> Result<(String, String), Error> {
        let inner = self.inner.clone();
        whole(async move { inner.create_flow(request).await }).await
    }

    /// `UpdateContactFlowContent`: publishes, or with `:$SAVED` behind the id saves a draft.
    ///
    /// # Errors
    /// `NotFound`; `InvalidContactFlow`: it cannot be published; `InvalidRequest`: the flow is a file's.
    pub async fn update_contact_flow_content(
        &self,
        instance_id: &str,
        flow_id: &str,
        content: String,
    ) -> Result<(), Error> {
        self.inner.check_instance(instance_id)?;
        let (inner, flow_id) = (self.inner.clone(), flow_id.to_owned());
        whole(async move { inner.update_flow_content(&flow_id, content).await }).await
    }

    /// `UpdateContactFlowName` and `UpdateContactFlowMetadata`.
    ///
    /// # Errors
    /// `NotFound`; `DuplicateResource`: the name is taken; `InvalidRequest`: the flow is a file's.
    pub async fn update_contact_flow(&self, request: UpdateContactFlow) -> Result<(), Error> {
        let inner = self.inner.clone();
        whole(async move { inner.update_flow(request).await }).await
    }
}

impl Inner {
    async fn create_flow(&self, request: CreateContactFlow) -> Result<(String, String), Error> {
        self.check_instance(&request.instance_id)?;
        check_length(&request.content)?;
        let mut book = self.flows.lock().await;
        let config = self.config();
        check_name(&request.name, None, &config, &book)?;
        let flow = request.publish.then(|| publishable(&request.content, request.kind, &config)).transpose()?;
        let (published, saved) =
            if request.publish { (Some(request.content), None) } else { (None, Some(request.content)) };
        let stored = StoredFlow {
            id: self.ports.ids.uuid(),
            name: request.name,
            kind: request.kind.as_str().to_owned(),
            description: request.description,
            tags: request.tags,
            published,
            saved,
            archived: false,
            modified_ms: self.now_ms(),
        };
        let answer = (stored.id.clone(), config.arn("contact-flow", &stored.id));
        self.keep_flow(&mut book, stored, flow).await?;
        Ok(answer)
    }

    async fn update_flow_content(&self, flow_id: &str, content: String) -> Result<(), Error> {
        check_length(&content)?;
        let mut book = self.flows.lock().await;
        let config = self.config();
        let (mut stored, saved) = made(flow_id, &config, &book)?;
        let flow = (!saved).then(|| publishable(&content, stored.kind(), &config)).transpose()?;
        if saved {
            stored.saved = Some(content);
        } else {
            (stored.published, stored.saved) = (Some(content), None);
        }
        stored.modified_ms = self.now_ms();
        self.keep_flow(&mut book, stored, flow).await
    }

    async fn update_flow(&self, request: UpdateContactFlow) -> Result<(), Error> {
        self.check_instance(&request.instance_id)?;
        let mut book = self.flows.lock().await;
        let config = self.config();
        let (mut stored, _) = made(&request.flow_id, &config, &book)?;
        if let Some(name) = request.name {
            check_name(&name, Some(&stored.id), &config, &book)?;
            stored.name = name;
        }
        stored.description = request.description.or(stored.description);
        stored.archived = request.archived.unwrap_or(stored.archived);
        stored.modified_ms = self.now_ms();
        let flow = stored.published.as_deref().and_then(|content| Flow::parse(content).ok());
        self.keep_flow(&mut book, stored, flow).await
    }

    /// Takes up the flows that were stored.
    pub(super) async fn load_flows(&self) -> Result<(), Error> {
        let mut book = self.flows.lock().await;
        for stored in keys::list::<StoredFlow>(&*self.ports.store, keys::FLOWS).await? {
            match stored.published.as_deref().map(Flow::parse) {
                Some(Ok(flow)) => self.publish_flow(&stored, flow),
                Some(Err(_)) => tracing::warn!(flow = %stored.id, "a stored flow cannot be read any more"),
                None => {}
            }
            book.0.insert(stored.id.clone(), stored);
        }
        Ok(())
    }

    /// Stores a flow, and then lets contacts run it where it is published.
    async fn keep_flow(&self, book: &mut FlowBook, stored: StoredFlow, flow: Option<Flow>) -> Result<(), Error> {
        let put = vec![(keys::flow(&stored.id), keys::encode(&stored)?)];
        self.ports.store.commit(Batch { put, delete: Vec::new() }).await.map_err(Error::internal)?;
        if let Some(flow) = flow {
            self.publish_flow(&stored, flow);
        }
        book.0.insert(stored.id.clone(), stored);
        Ok(())
    }

    fn publish_flow(&self, stored: &StoredFlow, flow: Flow) {
        self.reconfigure(|config| {
            config.flows.retain(|entry| entry.id != stored.id);
            config.flows.push(FlowEntry { id: stored.id.clone(), name: stored.name.clone(), flow: Arc::new(flow) });
        });
    }
}

/// Does the work to its end, also when the request that wants it is dropped: the memory must not be behind the disk.
async fn whole<T: Send + 'static>(work: impl Future<Output = Result<T, Error>> + Send + 'static) -> Result<T, Error> {
    tokio::spawn(work).await.map_err(Error::internal)?
}

/// The flows that the centre was opened with.
fn given<'a>(config: &'a Config, book: &'a FlowBook) -> impl Iterator<Item = &'a FlowEntry> {
    config.flows.iter().filter(|entry| !book.0.contains_key(&entry.id))
}

fn summary(entry: &FlowEntry, config: &Config) -> FlowSummary {
    FlowSummary {
        id: entry.id.clone(),
        arn: config.arn("contact-flow", &entry.id),
        name: entry.name.clone(),
        description: None,
        kind: entry.flow.kind().unwrap_or(FlowKind::Inbound),
        archived: false,
        published: true,
    }
}

/// A flow that the API may change, and whether its draft is meant.
fn made(named: &str, config: &Config, book: &FlowBook) -> Result<(StoredFlow, bool), Error> {
    let (id, saved) = split_alias(named, config);
    if let Some(stored) = book.0.get(id) {
        return Ok((stored.clone(), saved));
    }
    if config.flow(id).is_some() {
        // Else a change of the file would be without effect, and nobody would know why.
        let message = "The flow comes from the bot's folder: change its file.";
        return Err(Error::new(ErrorKind::InvalidRequest, message));
    }
    Err(unknown(id))
}

/// No two flows have one name.
fn check_name(name: &str, own_id: Option<&str>, config: &Config, book: &FlowBook) -> Result<(), Error> {
    let given = given(config, book).map(|entry| (&entry.id, &entry.name));
    let mut all = given.chain(book.0.values().map(|flow| (&flow.id, &flow.name)));
    if all.any(|(id, taken)| taken == name && own_id != Some(id.as_str())) {
        return Err(Error::new(ErrorKind::DuplicateResource, "A flow with this name exists already."));
    }
    Ok(())
}

fn unknown(id: &str) -> Error {
    let shown: String = id.chars().take(300).collect();
    Error::new(ErrorKind::NotFound, format!("There is no flow \"{shown}\"."))
}
