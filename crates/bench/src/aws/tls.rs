//! TLS on loopback: an authority of this run's own, and a listener that speaks TLS as the endpoints of AWS do.

use std::{io, net::SocketAddr, path::Path, sync::Arc};

use anyhow::Result;
use axum::serve::Listener;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    },
    server::TlsStream,
};

/// Where Linux distributions and Lambda keep the authorities they trust. Reading those is part of a start.
const SYSTEM: [&str; 2] = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];

/// The server's side, and the bundle that a client is to trust.
pub(crate) struct Authority {
    config: Arc<ServerConfig>,
    /// The machine's own authorities, and this one's.
    pub(crate) bundle: String,
    /// How many of them.
    pub(crate) trusted: usize,
}

impl Authority {
    /// Makes an authority, and a certificate of its for this machine.
    pub(crate) fn new() -> Result<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        // The default name is everybody's: what is signed would look signed by itself.
        params.distinguished_name.push(DnType::CommonName, "relevo-bench authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate()?;
        let root = params.self_signed(&key)?;
        let issuer = Issuer::new(params, key);
        let server_key = KeyPair::generate()?;
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let server = CertificateParams::new(names)?.signed_by(&server_key, &issuer)?;
        let chain = vec![CertificateDer::from(server.der().to_vec())];
        let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(server_key.serialize_der()));
        let mut config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, private)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let system = SYSTEM.iter().find_map(|path| std::fs::read_to_string(Path::new(path)).ok()).unwrap_or_default();
        let bundle = format!("{system}\n{}", root.pem());
        let trusted = bundle.matches("BEGIN CERTIFICATE").count();
        Ok(Self { config: Arc::new(config), bundle, trusted })
    }

    /// Accepts and shakes hands, each connection by itself.
    pub(crate) fn listen(&self, tcp: TcpListener) -> io::Result<Secured> {
        let address = tcp.local_addr()?;
        let acceptor = TlsAcceptor::from(self.config.clone());
        let (sender, connections) = mpsc::channel(16);
        tokio::spawn(async move {
            while let Ok((stream, peer)) = tcp.accept().await {
                let (acceptor, sender) = (acceptor.clone(), sender.clone());
                let _ = stream.set_nodelay(true);
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        let _ = sender.send((stream, peer)).await;
                    }
                });
            }
        });
        Ok(Secured { address, connections })
    }
}

/// Connections whose hands are shaken.
pub(crate) struct Secured {
    address: SocketAddr,
    connections: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl Listener for Secured {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.connections.recv().await {
            Some(connection) => connection,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}
