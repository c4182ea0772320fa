#include "Network.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mt {
namespace {

std::string NameText(X509_NAME *name) {
  char text[512];
  return X509_NAME_oneline(name, text, sizeof text) != nullptr ? text : "";
}

class TcpConnection final : public Connection {
public:
  TcpConnection(int handle, std::string trustFile) : m_handle(handle), m_trustFile(std::move(trustFile)) {}
  ~TcpConnection() override {
    if (m_ssl != nullptr) {
      SSL_shutdown(m_ssl);
      SSL_free(m_ssl);
    }
    if (m_context != nullptr) SSL_CTX_free(m_context);
    close(m_handle);
  }

  bool IsOpen() override {
    if (m_gone) return false;
    if (m_ssl != nullptr && SSL_pending(m_ssl) > 0) return true;
    unsigned char byte;
    const ssize_t seen = recv(m_handle, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return seen > 0 || (seen < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
  }

  int Readable() override {
    int waiting = 0;
    if (m_gone || ioctl(m_handle, FIONREAD, &waiting) != 0) return 0;
    return waiting + (m_ssl != nullptr ? SSL_pending(m_ssl) : 0);
  }

  bool Writable() override { return !m_gone && Ready(POLLOUT, 0); }

  int Read(unsigned char *to, int most, long milliseconds) override {
    if (m_gone) return -1;
    if (m_ssl != nullptr) return TlsResult(to, most, milliseconds);
    if (!Ready(POLLIN, milliseconds)) return 0;
    const ssize_t count = recv(m_handle, to, static_cast<std::size_t>(most), MSG_DONTWAIT);
    if (count > 0) return static_cast<int>(count);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    m_gone = true;
    return -1;
  }

  int Write(const unsigned char *from, int count, long milliseconds) override {
    if (m_gone) return -1;
    const long until = RealClock().Milliseconds() + milliseconds;
    do {
      if (!Ready(POLLOUT, std::max(0L, until - RealClock().Milliseconds()))) break;
      if (m_ssl != nullptr) {
        ERR_clear_error();
        const int sent = SSL_write(m_ssl, from, count);
        if (sent > 0) return sent;
        const int error = SSL_get_error(m_ssl, sent);
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) break;
      } else {
        const ssize_t sent = send(m_handle, from, static_cast<std::size_t>(count), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) return static_cast<int>(sent);
        if (errno != EAGAIN && errno != EINTR) break;
      }
    } while (RealClock().Milliseconds() < until);
    m_gone = true;
    return -1;
  }

  bool StartTls(const std::string &host, long milliseconds) override {
    m_context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(m_context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify(m_context, SSL_VERIFY_PEER, nullptr);
    if (!m_trustFile.empty()) SSL_CTX_load_verify_file(m_context, m_trustFile.c_str());
    m_ssl = SSL_new(m_context);
    in_addr v4;
    in6_addr v6;
    if (inet_pton(AF_INET, host.c_str(), &v4) == 1 || inet_pton(AF_INET6, host.c_str(), &v6) == 1)
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(m_ssl), host.c_str());
    else {
      SSL_set1_host(m_ssl, host.c_str());
      SSL_set_tlsext_host_name(m_ssl, host.c_str());
    }
    SSL_set_fd(m_ssl, m_handle);
    const long until = RealClock().Milliseconds() + milliseconds;
    for (;;) {
      ERR_clear_error();
      const int result = SSL_connect(m_ssl);
      if (result == 1) break;
      const int error = SSL_get_error(m_ssl, result);
      const long left = until - RealClock().Milliseconds();
      if ((error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) || left <= 0 || !Ready(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, left)) {
        m_gone = true;
        return false;
      }
    }
    Facts();
    return true;
  }

  const TlsFacts *Tls() const override { return m_ssl != nullptr && !m_facts.subject.empty() ? &m_facts : nullptr; }

private:
  bool Ready(short what, long milliseconds) {
    pollfd one{m_handle, what, 0};
    return poll(&one, 1, static_cast<int>(milliseconds)) > 0;
  }

  int TlsResult(unsigned char *to, int most, long milliseconds) {
    const long until = RealClock().Milliseconds() + milliseconds;
    for (;;) {
      ERR_clear_error();
      const int count = SSL_read(m_ssl, to, most);
      if (count > 0) return count;
      const int error = SSL_get_error(m_ssl, count);
      if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        m_gone = true;
        return -1;
      }
      const long left = until - RealClock().Milliseconds();
      if (left <= 0 || !Ready(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, left)) return 0;
    }
  }

  void Facts() {
    X509 *certificate = SSL_get1_peer_certificate(m_ssl);
    if (certificate == nullptr) return;
    m_facts.subject = NameText(X509_get_subject_name(certificate));
    m_facts.issuer = NameText(X509_get_issuer_name(certificate));
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    X509_digest(certificate, EVP_sha1(), digest, &size);
    for (unsigned i = 0; i < size; i++) {
      char hex[3];
      std::snprintf(hex, sizeof hex, "%02x", digest[i]);
      m_facts.thumbprint += hex;
    }
    std::tm expires{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &expires) == 1) m_facts.expires = timegm(&expires);
    X509_free(certificate);
  }

  int m_handle;
  std::string m_trustFile;
  SSL_CTX *m_context = nullptr;
  SSL *m_ssl = nullptr;
  TlsFacts m_facts;
  bool m_gone = false;
};

} // namespace

std::unique_ptr<Connection> TcpNetwork::Connect(const std::string &host, unsigned port, long milliseconds) {
  static const auto ignored = std::signal(SIGPIPE, SIG_IGN); // a write to a line that has gone is an error of that call
  (void)ignored;
  addrinfo hints{}, *found = nullptr;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return nullptr;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(found, freeaddrinfo);
  for (const addrinfo *each = found; each != nullptr; each = each->ai_next) {
    const int handle = socket(each->ai_family, each->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, each->ai_protocol);
    if (handle < 0) continue;
    int error = 0;
    socklen_t size = sizeof error;
    pollfd one{handle, POLLOUT, 0};
    const bool begun = connect(handle, each->ai_addr, each->ai_addrlen) == 0 || errno == EINPROGRESS;
    if (begun && poll(&one, 1, static_cast<int>(milliseconds)) > 0 && getsockopt(handle, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0) {
      const int yes = 1;
      setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      return std::make_unique<TcpConnection>(handle, trustFile);
    }
    close(handle);
  }
  return nullptr;
}

} // namespace mt
