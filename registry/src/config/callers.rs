//! Who may do something, by the address that a request comes from: until callers have names, it is
//! all that is known of them.

use std::{net::IpAddr, str::FromStr};

use ipnet::IpNet;

/// Everybody, or those in some networks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Callers {
    Anyone,
    In(Vec<IpNet>),
}

impl Callers {
    /// Whether a caller is one of them.
    pub fn has(&self, caller: IpAddr) -> bool {
        let caller = caller.to_canonical();
        match self {
            Self::Anyone => true,
            Self::In(networks) => networks.iter().any(|network| network.contains(&caller)),
        }
    }
}

impl FromStr for Callers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "anyone" => Ok(Self::Anyone),
            "nobody" => Ok(Self::In(Vec::new())),
            networks => networks.split(',').map(network).collect::<Result<_, _>>().map(Self::In),
        }
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let one = || text.parse().map(|address: IpAddr| address.to_canonical().into());
    text.parse().or_else(|_| one()).map_err(|_| {
        format!("must be anyone, nobody, or addresses and networks as 10.0.0.0/8; '{text}' is none")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_are_told_by_their_addresses() {
        let has = |callers: &str, caller: &str| {
            callers.parse::<Callers>().unwrap().has(caller.parse().unwrap())
        };
        assert!(has("anyone", "192.0.2.1"));
        assert!(!has("nobody", "127.0.0.1"));
        assert!(has("10.0.0.0/8, 127.0.0.1", "127.0.0.1"));
        assert!(has("10.0.0.0/8", "::ffff:10.1.2.3"));
        assert!(!has("10.0.0.0/8", "11.0.0.1"));
        assert!(has("2001:db8::/32", "2001:db8::1"));
        for wrong in ["", "some", "10.0.0.0/33", "10.0.0.1,"] {
            assert!(wrong.parse::<Callers>().is_err(), "{wrong}");
        }
    }
}
