// TLS of the sockets: a certificate that is trusted, one that is not, and one of another name.
#include "Mql5.h"
#include "Machine/Machine.h"

#include <arpa/inet.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace {

EVP_PKEY *key;

X509 *MakeCertificate() {
  key = EVP_RSA_gen(2048);
  X509 *made = X509_new();
  X509_set_version(made, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
  X509_gmtime_adj(X509_getm_notBefore(made), -60);
  X509_gmtime_adj(X509_getm_notAfter(made), 3600);
  X509_set_pubkey(made, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char *>("host of the test"), -1, -1, 0);
  X509_set_issuer_name(made, X509_get_subject_name(made));
  X509_EXTENSION *names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(made, names, -1);
  X509_EXTENSION_free(names);
  X509_sign(made, key, EVP_sha256());
  return made;
}

class Tls : public testing::Test {
protected:
  X509 *certificate = MakeCertificate();
  std::string folder;
  int listener = -1;
  unsigned port = 0;
  std::thread server;
  mt::RealClock clock;
  mt::TcpNetwork network;
  mt::Machine machine{clock, network};
  mt::Machine::Scope scope{machine};

  void SetUp() override {
    char name[] = "/tmp/csmc-tls-XXXXXX";
    folder = mkdtemp(name);
    std::FILE *file = std::fopen((folder + "/trusted.pem").c_str(), "w");
    PEM_write_X509(file, certificate);
    std::fclose(file);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(listener, reinterpret_cast<sockaddr *>(&address), size);
    listen(listener, 1);
    getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size);
    port = ntohs(address.sin_port);
    server = std::thread([this] { Echo(); });
  }

  // One connection: what comes goes back.
  void Echo() {
    const int peer = accept(listener, nullptr, nullptr);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(context, certificate);
    SSL_CTX_use_PrivateKey(context, key);
    SSL *ssl = SSL_new(context);
    SSL_set_fd(ssl, peer);
    char bytes[100];
    if (SSL_accept(ssl) == 1)
      for (int count; (count = SSL_read(ssl, bytes, sizeof bytes)) > 0;) SSL_write(ssl, bytes, count);
    SSL_free(ssl);
    SSL_CTX_free(context);
    close(peer);
  }

  void TearDown() override {
    machine.sockets.clear();
    shutdown(listener, SHUT_RDWR);
    server.join();
    close(listener);
    X509_free(certificate);
    EVP_PKEY_free(key);
    std::filesystem::remove_all(folder);
  }

  int Connected(const char *host) {
    machine.allowedAddresses.insert(host);
    const int socket = SocketCreate();
    SocketTimeouts(socket, 60'000, 60'000);
    EXPECT_TRUE(SocketConnect(socket, host, port, 5000));
    return socket;
  }
};

} // namespace

TEST_F(Tls, ATrustedCertificateIsTaken) {
  network.trustFile = folder + "/trusted.pem";
  const int socket = Connected("127.0.0.1");
  ASSERT_TRUE(SocketTlsHandshake(socket, "127.0.0.1"));
  string subject, issuer, serial, thumbprint;
  datetime expires;
  ASSERT_TRUE(SocketTlsCertificate(socket, subject, issuer, serial, thumbprint, expires));
  EXPECT_NE(-1, StringFind(subject, "host of the test"));
  EXPECT_GT(expires, TimeGMT());

  Arr<uchar> sent, got;
  const int count = StringToCharArray("ping", sent, 0, WHOLE_ARRAY, CP_UTF8) - 1;
  ASSERT_EQ(count, SocketTlsSend(socket, sent, static_cast<uint>(count)));
  ASSERT_EQ(count, SocketTlsRead(socket, got, static_cast<uint>(count)));
  EXPECT_EQ("ping", CharArrayToString(got, 0, count, CP_UTF8).Utf8());
  EXPECT_EQ(0, SocketTlsReadAvailable(socket, got, 100));
  EXPECT_TRUE(SocketIsConnected(socket));
}

TEST_F(Tls, AnUnknownCertificateIsRefused) {
  const int socket = Connected("127.0.0.1");
  EXPECT_FALSE(SocketTlsHandshake(socket, "127.0.0.1"));
  EXPECT_EQ(5274, GetLastError());
  EXPECT_FALSE(SocketIsConnected(socket));
}

TEST_F(Tls, ACertificateOfAnotherNameIsRefused) {
  network.trustFile = folder + "/trusted.pem";
  const int socket = Connected("localhost");
  EXPECT_FALSE(SocketTlsHandshake(socket, "localhost"));
  EXPECT_EQ(5274, GetLastError());
}
