//! The model that the agents think with, exchanged while everything runs: a turn at work keeps the one it began a request
//! with.

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use relevo_agents::{
    definition::AgentsDefinition,
    model::{Model, ModelError, ModelReply, ModelRequest, Speech},
};

use super::Models;

/// One model at a time.
pub(crate) struct SwitchModel(RwLock<Arc<dyn Model>>);

impl SwitchModel {
    fn now(&self) -> Arc<dyn Model> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Model for SwitchModel {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        self.now().answer(request).await
    }

    async fn speak(&self, request: ModelRequest, speech: &Speech) -> Result<ModelReply, ModelError> {
        self.now().speak(request, speech).await
    }

    fn model_id(&self, request: &ModelRequest) -> Option<String> {
        self.now().model_id(request)
    }
}

/// Chooses the bot's model, of those that its definition declares, and `offline`.
pub(crate) struct ModelChooser {
    definition: Arc<AgentsDefinition>,
    model: Arc<SwitchModel>,
    chosen: RwLock<Vec<String>>,
}

impl ModelChooser {
    /// Begins with what the command line chose.
    pub(super) fn new(definition: Arc<AgentsDefinition>, model: Arc<dyn Model>, chosen: Vec<String>) -> Self {
        Self { definition, model: Arc::new(SwitchModel(RwLock::new(model))), chosen: RwLock::new(chosen) }
    }

    /// What the agents are given.
    pub(super) fn model(&self) -> Arc<dyn Model> {
        self.model.clone()
    }

    /// The providers that are asked now, in order.
    pub(crate) fn chosen(&self) -> Vec<String> {
        self.chosen.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The providers that can be chosen.
    pub(crate) fn choices(&self) -> Vec<String> {
        let declared = self.definition.models.iter().flatten().map(|choice| choice.provider().to_owned());
        let mut all: Vec<String> = declared.chain(["offline".to_owned()]).collect();
        let mut seen = std::collections::HashSet::new();
        all.retain(|name| seen.insert(name.clone()));
        all
    }

    /// Asks these from now on.
    ///
    /// # Errors
    /// What the command line would have said: a name that is none, a key that is missing.
    pub(crate) async fn choose(&self, names: &[String]) -> anyhow::Result<()> {
        let variable = |name: &str| std::env::var(name).ok();
        let (models, warnings) = Models::choose(self.definition.models.as_deref(), names, variable)?;
        anyhow::ensure!(warnings.is_empty(), "{}", warnings.join("; "));
        #[cfg(feature = "aws")]
        let models = models.connected().await;
        #[cfg(not(feature = "aws"))]
        std::future::ready(()).await;
        let model = models.model(&self.definition).map_err(anyhow::Error::msg)?;
        *self.model.0.write().unwrap_or_else(PoisonError::into_inner) = model;
        *self.chosen.write().unwrap_or_else(PoisonError::into_inner) = models.names();
        Ok(())
    }
}
