//! What a channel is told by the configuration. Secrets are named by the files that hold them.
//!
//! Every kind has `name`, `levels` and `minimum_severity`, and what it needs beside them. A key that is not known is an error. Nothing
//! switches the verification of certificates off; `anchor` names the PEM file of the authorities that are trusted instead of the system's.

mod values;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::{ChannelName, HostName, Severity};
pub use values::{AccountId, Levels, MailAddress, Method, Port, SmtpTls, Telephone, WebAddress};

/// The settings of one channel, by its `kind`.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind")]
pub enum ChannelSettings {
    /// Mail through a server that takes submissions.
    #[serde(rename = "smtp")]
    Smtp(SmtpSettings),
    /// SMS through a gateway that takes JSON over HTTP.
    #[serde(rename = "sms-http")]
    SmsHttp(SmsHttpSettings),
    /// SMS through Twilio, or a gateway with its interface.
    #[serde(rename = "sms-twilio")]
    SmsTwilio(SmsTwilioSettings),
    /// A call of a program of the hospital, signed.
    #[serde(rename = "webhook")]
    Webhook(WebhookSettings),
    /// PagerDuty, or what has its interface.
    #[serde(rename = "pagerduty")]
    PagerDuty(PagerDutySettings),
    /// A SIEM that reads CEF, by syslog over TLS.
    #[serde(rename = "syslog-cef")]
    SyslogCef(SyslogSettings),
    /// An audit record repository (IHE ATNA), by syslog over TLS.
    #[serde(rename = "syslog-dicom")]
    SyslogDicom(SyslogSettings),
}

macro_rules! settings {
    ($( $(#[$doc:meta])* $Settings:ident { $( $(#[$attribute:meta])* $key:ident: $value:ty, )* } )*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $Settings {
                /// What the channel is called in logs and in the outbox. It stays the same, or what waits for it has nowhere to go.
                pub name: ChannelName,
                /// The levels of escalation that it is told of; 0 is whenever an alarm is raised.
                pub levels: Levels,
                /// Alarms that are less grave do not go here. Default: `low`, so all go.
                #[serde(default = "every_severity")]
                pub minimum_severity: Severity,
                $( $(#[$attribute])* pub $key: $value, )*
            }
        )*

        impl ChannelSettings {
            /// What all kinds have.
            pub(crate) fn common(&self) -> (&ChannelName, &Levels, Severity) {
                match self {
                    Self::Smtp(it) => (&it.name, &it.levels, it.minimum_severity),
                    Self::SmsHttp(it) => (&it.name, &it.levels, it.minimum_severity),
                    Self::SmsTwilio(it) => (&it.name, &it.levels, it.minimum_severity),
                    Self::Webhook(it) => (&it.name, &it.levels, it.minimum_severity),
                    Self::PagerDuty(it) => (&it.name, &it.levels, it.minimum_severity),
                    Self::SyslogCef(it) | Self::SyslogDicom(it) => (&it.name, &it.levels, it.minimum_severity),
                }
            }
        }
    };
}

settings! {
    /// `kind = "smtp"`.
    SmtpSettings {
        /// The server, by the name in its certificate.
        host: HostName,
        /// Default: 465 with `tls = "implicit"`, 587 with `tls = "starttls"`.
        #[serde(default)]
        port: Option<Port>,
        /// How TLS begins. Default: `implicit`, at once (RFC 8314). There is no mail without TLS.
        #[serde(default)]
        tls: SmtpTls,
        /// Whom the server knows us as; with `password_file`, or neither.
        #[serde(default)]
        username: Option<String>,
        /// The file with the password.
        #[serde(default)]
        password_file: Option<PathBuf>,
        /// The address that mails come from.
        from: MailAddress,
        /// The addresses that they go to.
        to: Vec<MailAddress>,
        /// The authorities that the server's certificate is trusted by. Default: the system's.
        #[serde(default)]
        anchor: Option<PathBuf>,
    }

    /// `kind = "sms-http"`.
    SmsHttpSettings {
        /// Where it is sent to.
        url: WebAddress,
        /// How it is sent. Default: `POST`.
        #[serde(default)]
        method: Method,
        /// Further headers, none of them secret.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// The header that carries the token, such as `authorization` or `x-api-key`. Default: `authorization`.
        #[serde(default)]
        token_header: Option<String>,
        /// What stands before the token in its header. Default: `Bearer ` in `authorization`, nothing in another.
        #[serde(default)]
        token_prefix: Option<String>,
        /// The file with the token. Default: none is sent.
        #[serde(default)]
        token_file: Option<PathBuf>,
        /// The body: JSON, with `{to}` and `{text}`, and with `{id}` where the gateway drops repeats, inside its strings.
        body: String,
        /// Where in its answer the gateway says what it calls the message: a JSON pointer (RFC 6901) such as `/messages/0/id`.
        #[serde(default)]
        receipt: Option<String>,
        /// The telephones that it goes to.
        to: Vec<Telephone>,
        /// The authorities that the gateway's certificate is trusted by. Default: the system's.
        #[serde(default)]
        anchor: Option<PathBuf>,
    }

    /// `kind = "sms-twilio"`.
    SmsTwilioSettings {
        /// Where the interface begins. Default: `https://api.twilio.com`.
        #[serde(default)]
        url: Option<WebAddress>,
        /// The account that pays (`AC...`).
        account_sid: AccountId,
        /// The API key (`SK...`) that `token_file` belongs to. Default: the token is the account's own.
        #[serde(default)]
        key_sid: Option<AccountId>,
        /// The file with the auth token, or with the secret of the API key.
        token_file: PathBuf,
        /// The telephone that it comes from, or `messaging_service_sid`.
        #[serde(default)]
        from: Option<Telephone>,
        /// The messaging service that it comes from (`MG...`).
        #[serde(default)]
        messaging_service_sid: Option<AccountId>,
        /// The telephones that it goes to.
        to: Vec<Telephone>,
        /// The authorities that the gateway's certificate is trusted by. Default: the system's.
        #[serde(default)]
        anchor: Option<PathBuf>,
    }

    /// `kind = "webhook"`.
    WebhookSettings {
        /// What is called.
        url: WebAddress,
        /// The file with the key that calls are signed with: `whsec_` and base64 of 24 to 64 bytes.
        secret_file: PathBuf,
        /// While keys are exchanged: the file with the former one. Calls then carry both signatures.
        #[serde(default)]
        previous_secret_file: Option<PathBuf>,
        /// The authorities that its certificate is trusted by. Default: the system's.
        #[serde(default)]
        anchor: Option<PathBuf>,
    }

    /// `kind = "pagerduty"`.
    PagerDutySettings {
        /// Where events go. Default: `https://events.pagerduty.com/v2/enqueue`.
        #[serde(default)]
        url: Option<WebAddress>,
        /// The file with the integration key of the service.
        token_file: PathBuf,
        /// The authorities that its certificate is trusted by. Default: the system's.
        #[serde(default)]
        anchor: Option<PathBuf>,
    }

    /// `kind = "syslog-cef"` and `kind = "syslog-dicom"`.
    SyslogSettings {
        /// The receiver, by the name in its certificate.
        host: HostName,
        /// Default: 6514 (RFC 5425).
        #[serde(default)]
        port: Option<Port>,
        /// The certificate that the server shows to a receiver that asks for one (PEM), with what leads from it to its authority; with
        /// `key_file`, or neither.
        #[serde(default)]
        certificate: Option<PathBuf>,
        /// The file with the private key of `certificate` (PEM).
        #[serde(default)]
        key_file: Option<PathBuf>,
        /// The authorities that the receiver's certificate is trusted by. Default: the system's.
        #[serde(default)]
        anchor: Option<PathBuf>,
    }
}

const fn every_severity() -> Severity {
    Severity::Low
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ChannelSettings, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn what_is_left_out_has_a_default_that_works() {
        let text = "kind = 'pagerduty'\nname = 'night'\nlevels = [1, 2]\ntoken_file = '/etc/vigil/pagerduty'";
        let ChannelSettings::PagerDuty(found) = parse(text).unwrap() else { panic!("another kind") };
        assert_eq!(found.minimum_severity, Severity::Low, "all alarms");
        assert!(found.url.is_none() && found.anchor.is_none(), "the usual place, the usual trust");
    }

    #[test]
    fn a_key_that_is_unknown_or_missing_is_named() {
        let head = "name = 'a'\nlevels = [0]\n";
        let unknown =
            parse(&format!("kind = 'webhook'\n{head}url = 'https://a.example/h'\nsecret_file = '/s'\nverify = false"));
        let unknown = unknown.unwrap_err();
        assert!(unknown.contains("unknown field `verify`"), "there is no way to switch verification off: {unknown}");
        let missing = parse(&format!("kind = 'webhook'\n{head}url = 'https://a.example/h'")).unwrap_err();
        assert!(missing.contains("secret_file"), "{missing}");
        let kind = parse(&format!("kind = 'pigeon'\n{head}")).unwrap_err();
        assert!(kind.contains("pigeon") && kind.contains("syslog-dicom"), "{kind}");
    }

    #[test]
    fn an_address_in_the_clear_is_refused_but_on_this_machine() {
        let hook = |url: &str| {
            parse(&format!("kind = 'webhook'\nname = 'a'\nlevels = [0]\nurl = '{url}'\nsecret_file = '/s'"))
        };
        for good in ["https://a.example/hook?x=1", "http://127.0.0.1:8080/h", "http://[::1]/h", "http://localhost/h"] {
            assert!(hook(good).is_ok(), "{good}");
        }
        for bad in
            ["http://a.example/h", "http://10.0.0.1/h", "ftp://a.example/h", "https://user:pw@a.example/h", "a.example"]
        {
            let error = hook(bad).unwrap_err();
            assert!(error.contains("127.0.0.1") && !error.contains("pw"), "{bad}: {error}");
        }
    }
}
