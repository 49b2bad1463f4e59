//! Black-box harness: a site with a real server, fakes and flows.
