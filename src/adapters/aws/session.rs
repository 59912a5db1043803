//! One region of one account: the client, and how its answers are waited for.

use super::failure;
use crate::ports::CloudError;
use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region};
use aws_sdk_ec2::Client;
use aws_sdk_ec2::config::ProvideCredentials as _;
use aws_sdk_ec2::config::http::HttpResponse;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use std::future::Future;
use tokio::runtime::{Builder, Runtime};

/// A client for one region.
pub(super) struct Session {
    /// Asks again by itself when nothing came back.
    pub(super) client: Client,
    /// Asks once: for what would be made twice, where EC2 takes no token.
    pub(super) once: Client,
    /// For messages.
    pub(super) endpoint: String,
    runtime: Runtime,
}

impl Session {
    /// Finds endpoint and credentials as every AWS tool does: environment, configuration files, the machine's own role.
    pub(super) fn open(region: &str) -> Result<Self, CloudError> {
        let failed = |source: std::io::Error| CloudError::Unanswered {
            endpoint: region.to_owned(),
            call: "anything",
            source: source.into(),
        };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let loader = aws_config::defaults(BehaviorVersion::latest()).region(Region::new(region.to_owned()));
        let shared = runtime.block_on(loader.load());
        let own = aws_sdk_ec2::config::Builder::from(&shared).build();
        let named = shared.endpoint_url().map(str::to_owned);
        let endpoint = named.unwrap_or_else(|| format!("https://ec2.{region}.amazonaws.com"));
        let credentials = shared.credentials_provider();
        let given = credentials.map(|provider| runtime.block_on(provider.provide_credentials()));
        if let Some(Err(error)) = given {
            return Err(failure::no_credentials(&endpoint, &error));
        }
        let once = own.to_builder().retry_config(RetryConfig::disabled()).build();
        Ok(Self { client: Client::from_conf(own), once: Client::from_conf(once), endpoint, runtime })
    }

    /// Waits for the answer to one call.
    pub(super) fn run<T, E>(
        &self,
        call: &'static str,
        asking: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T, CloudError>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        self.runtime.block_on(asking).map_err(|error| failure::told(&self.endpoint, call, &error))
    }
}
