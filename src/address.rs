//! Typed names of the things Aether keeps. Knows nothing of what is behind a name.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One host: `group/name`, for example `lab/gpu1.example.com`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostAddress {
    /// The host group of the manifest.
    pub group: String,
    /// The host's name in its group; its provider gives it.
    pub name: String,
}

impl HostAddress {
    /// The host `name` of `group`.
    pub fn new(group: impl Into<String>, name: impl Into<String>) -> Self {
        Self { group: group.into(), name: name.into() }
    }
}

impl fmt::Display for HostAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.group, self.name)
    }
}

/// One resource. Its text form is a path below its host: `lab/gpu1/environment/train`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// The host itself and what every host gets.
    Host(HostAddress),
    /// The NVIDIA driver of a host.
    Driver(HostAddress),
    /// The compiler and libraries of a CUDA release such as `12.8` on a host.
    CudaToolkit(HostAddress, String),
    /// What gives the containers of a runtime such as `docker` the GPUs of their host.
    ContainerToolkit(HostAddress, String),
    /// A software stack on a host.
    Environment(HostAddress, String),
    /// One of the project's own playbooks on a host.
    Playbook(HostAddress, String),
}

impl Address {
    /// The host it lives on.
    pub fn host(&self) -> &HostAddress {
        match self {
            Self::Host(host)
            | Self::Driver(host)
            | Self::CudaToolkit(host, _)
            | Self::ContainerToolkit(host, _)
            | Self::Environment(host, _)
            | Self::Playbook(host, _) => host,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(host) => write!(f, "{host}"),
            Self::Driver(host) => write!(f, "{host}/driver"),
            Self::CudaToolkit(host, version) => write!(f, "{host}/cuda-toolkit/{version}"),
            Self::ContainerToolkit(host, runtime) => write!(f, "{host}/container-toolkit/{runtime}"),
            Self::Environment(host, name) => write!(f, "{host}/environment/{name}"),
            Self::Playbook(host, path) => write!(f, "{host}/playbook/{path}"),
        }
    }
}

/// One object of a cloud. Its text form is a path: `aws/us-west-2/instance/trainers/0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CloudAddress {
    /// The provider that makes it.
    pub provider: String,
    /// Where it lies.
    pub region: String,
    /// What it is, in the words of its provider: `instance`.
    pub kind: String,
    /// Its name among those of its kind; may hold slashes.
    pub name: String,
}

impl fmt::Display for CloudAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.provider, self.region, self.kind, self.name)
    }
}

impl FromStr for CloudAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.splitn(4, '/').collect();
        match parts.as_slice() {
            [provider, region, kind, name] if parts.iter().all(|part| !part.is_empty()) => Ok(Self {
                provider: (*provider).to_owned(),
                region: (*region).to_owned(),
                kind: (*kind).to_owned(),
                name: (*name).to_owned(),
            }),
            _ => Err(AddressError(text.to_owned())),
        }
    }
}

/// A text that is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no address; write `group/host`, `group/host/driver`, `group/host/environment/name` or `group/host/playbook/path`"
)]
pub struct AddressError(String);

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || AddressError(text.to_owned());
        let mut parts = text.splitn(4, '/');
        let (group, name) = (parts.next().ok_or_else(bad)?, parts.next().ok_or_else(bad)?);
        if group.is_empty() || name.is_empty() {
            return Err(bad());
        }
        let host = HostAddress::new(group, name);
        match (parts.next(), parts.next()) {
            (None, None) => Ok(Self::Host(host)),
            (Some("driver"), None) => Ok(Self::Driver(host)),
            (Some("cuda-toolkit"), Some(rest)) if !rest.is_empty() => Ok(Self::CudaToolkit(host, rest.to_owned())),
            (Some("container-toolkit"), Some(rest)) if !rest.is_empty() => {
                Ok(Self::ContainerToolkit(host, rest.to_owned()))
            }
            (Some("environment"), Some(rest)) if !rest.is_empty() => Ok(Self::Environment(host, rest.to_owned())),
            (Some("playbook"), Some(rest)) if !rest.is_empty() => Ok(Self::Playbook(host, rest.to_owned())),
            _ => Err(bad()),
        }
    }
}

impl FromStr for HostAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(Address::Host(host)) => Ok(host),
            _ => Err(AddressError(text.to_owned())),
        }
    }
}

/// All of them are written as their text, so that they can be keys of JSON objects.
macro_rules! serde_as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

serde_as_text!(Address);
serde_as_text!(CloudAddress);
serde_as_text!(HostAddress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_as_it_was_written() {
        for text in [
            "lab/gpu1.example.com",
            "lab/gpu1/driver",
            "lab/gpu1/cuda-toolkit/12.8",
            "lab/gpu1/container-toolkit/docker",
            "lab/gpu1/environment/train",
            "lab/gpu1/playbook/playbooks/site.yml",
        ] {
            assert_eq!(text.parse::<Address>().map(|a| a.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn an_object_of_a_cloud_reads_back_as_it_was_written() {
        let text = "aws/us-west-2/instance/trainers/0";
        assert_eq!(text.parse::<CloudAddress>().map(|a| a.to_string()).as_deref(), Ok(text));
        for half in ["", "aws", "aws/us-west-2/instance", "aws//instance/trainers", "aws/us-west-2/instance/"] {
            assert!(half.parse::<CloudAddress>().is_err(), "{half}");
        }
    }

    #[test]
    fn half_an_address_is_refused() {
        for text in ["", "lab", "lab/", "/gpu1", "lab/gpu1/environment", "lab/gpu1/driver/580", "lab/gpu1/volume/x"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
