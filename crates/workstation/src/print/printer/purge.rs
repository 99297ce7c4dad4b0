//! Deleting what CUPS keeps of one job that is over: `Cancel-Job` with `purge-job` (CUPS Implementation of IPP, "CUPS 1.5"), one IPP request
//! (RFC 8010) over CUPS's own socket. `cancel -x` cannot do it: it does not name the attribute that the server looks for.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Nobody waits longer for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Deletes it on the server of this name, as `lpstat -H` says it: a socket's path, or host and port.
pub(super) fn purge(server: &str, job: u32, user: &str) -> io::Result<()> {
    let request = http(&ipp(job, user), user);
    let answer = ask(server, &request)?;
    // The body is at the end: version, then the status, which is below 0x0100 where it is done (RFC 8011, 4.1.6).
    let body = answer.windows(4).position(|four| four == b"\r\n\r\n").and_then(|at| answer.get(at + 4..));
    match (answer.starts_with(b"HTTP/1.1 200"), body) {
        (true, Some([_, _, 0, _, ..])) => Ok(()),
        _ => Err(io::Error::other("CUPS did not delete the job")),
    }
}

fn ask(server: &str, request: &[u8]) -> io::Result<Vec<u8>> {
    #[cfg(unix)]
    if server.starts_with('/') {
        let stream = std::os::unix::net::UnixStream::connect(server)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        return exchange(stream, request);
    }
    let stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    exchange(stream, request)
}

fn exchange(mut stream: impl Read + Write, request: &[u8]) -> io::Result<Vec<u8>> {
    stream.write_all(request)?;
    let mut answer = Vec::new();
    stream.take(1 << 16).read_to_end(&mut answer)?;
    Ok(answer)
}

/// The request in HTTP. At a local socket CUPS sees by itself who asks, once they say their name (`PeerCred`).
fn http(body: &[u8], user: &str) -> Vec<u8> {
    let head = format!(
        "POST /jobs/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/ipp\r\nContent-Length: {}\r\n\
         Authorization: PeerCred {user}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// The request itself.
fn ipp(job: u32, user: &str) -> Vec<u8> {
    // IPP 2.0, Cancel-Job (0x0008), request 1, operation attributes (0x01).
    let mut bytes = vec![2, 0, 0, 8, 0, 0, 0, 1, 1];
    let uri = format!("ipp://localhost/jobs/{job}");
    for (tag, name, value) in [
        (0x47, "attributes-charset", b"utf-8".as_slice()),
        (0x48, "attributes-natural-language", b"en".as_slice()),
        (0x45, "job-uri", uri.as_bytes()),
        (0x42, "requesting-user-name", user.as_bytes()),
        (0x22, "purge-job", [1].as_slice()),
    ] {
        bytes.push(tag);
        for part in [name.as_bytes(), value] {
            bytes.extend(u16::try_from(part.len()).unwrap_or_default().to_be_bytes());
            bytes.extend(part);
        }
    }
    // End of attributes.
    bytes.push(3);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_is_cancel_job_with_purge_job() {
        let bytes = ipp(12, "okafor");
        assert_eq!(bytes[..9], [2, 0, 0, 8, 0, 0, 0, 1, 1], "version, operation, request, group");
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("\u{45}\0\u{7}job-uri\0\u{17}ipp://localhost/jobs/12"), "lengths are those of the texts");
        assert!(text.ends_with("\u{22}\0\u{9}purge-job\0\u{1}\u{1}\u{3}"), "true, and the end");
    }
}
