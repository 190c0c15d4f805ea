//! A reader who takes nothing of what was sent: the system cuts the connection.

use std::io;
use std::time::Duration;
use tokio::net::TcpStream;

/// Has the system cut a connection whose peer has taken nothing for so long of what waits for it. A stream that is not
/// read has ended by then, but what it had said is held for the reader, and the connection with it, for as long as its
/// window stays shut. Nothing outside Linux: there, that is held until the reader leaves.
///
/// # Errors
/// When the system refuses.
pub fn drop_when_unread(connection: &TcpStream, after: Duration) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(connection).set_tcp_user_timeout(Some(after))?;
    let _ = (connection, after);
    Ok(())
}
