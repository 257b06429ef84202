//! A connector that answers as many actors as the request's timestamp says.

use std::io::{BufRead as _, BufReader, BufWriter, Read as _, Result, Write};
use std::net::{TcpListener, TcpStream};

use super::answer::Answer;

const CONFIGURATION: &[u8] =
    include_bytes!("../../fixtures/soap/own-namespace/001-WSGetConfigData.response-200.xml");

/// Serves until the program ends; gives the address.
pub fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/Connector.svc", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || while answer(&stream).is_ok() {});
        }
    });
    address
}

fn answer(stream: &TcpStream) -> Result<()> {
    let request = request(stream)?;
    let mut out = BufWriter::with_capacity(64 << 10, stream);
    out.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\n")?;
    let Some(wanted) = request.split("UpdatedOnOrAfter>").nth(1) else {
        write!(out, "Content-Length: {}\r\n\r\n", CONFIGURATION.len())?;
        out.write_all(CONFIGURATION)?;
        return out.flush();
    };
    let actors = wanted.split('<').next().unwrap().parse().unwrap();
    out.write_all(b"Transfer-Encoding: chunked\r\n\r\n")?;
    for chunk in Answer::new().chunks(actors) {
        write!(out, "{:x}\r\n", chunk.len())?;
        out.write_all(&chunk)?;
        out.write_all(b"\r\n")?;
    }
    out.write_all(b"0\r\n\r\n")?;
    out.flush()
}

/// The body of the next request.
fn request(stream: &TcpStream) -> Result<String> {
    let (mut reader, mut length, mut line) = (BufReader::new(stream), 0, String::new());
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap();
            }
            Some(_) => {}
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(String::from_utf8(body).unwrap())
}
