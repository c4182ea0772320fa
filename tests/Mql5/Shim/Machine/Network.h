// What the terminal's sockets stand on: real TCP and TLS, or lines in memory.
#pragma once
#include "Clock.h"

#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace mt {

struct TlsFacts {
  std::string subject, issuer, serial, thumbprint;
  long expires = 0;
};

class Connection {
public:
  virtual ~Connection() = default;
  /// False: closed by either side, as far as this side has noticed.
  virtual bool IsOpen() = 0;
  /// Bytes that have come and were not read; under TLS those of the cipher.
  virtual int Readable() = 0;
  virtual bool Writable() = 0;
  /// Bytes read; 0 = nothing within the time, −1 = the line is gone.
  virtual int Read(unsigned char *to, int most, long milliseconds) = 0;
  /// Bytes taken, maybe fewer than given; −1 = the line is gone, or nothing was taken within the time.
  virtual int Write(const unsigned char *from, int count, long milliseconds) = 0;
  /// TLS over the line; false: the handshake failed, or the certificate is not trusted.
  virtual bool StartTls(const std::string &host, long milliseconds) = 0;
  /// nullptr: no TLS.
  virtual const TlsFacts *Tls() const = 0;
};

class Network {
public:
  virtual ~Network() = default;
  /// nullptr: not within the time, or refused.
  virtual std::unique_ptr<Connection> Connect(const std::string &host, unsigned port, long milliseconds) = 0;
};

/// TCP of this machine; certificates are checked against a file of PEM certificates.
class TcpNetwork final : public Network {
public:
  /// Empty: nothing is trusted.
  std::string trustFile;
  std::unique_ptr<Connection> Connect(const std::string &host, unsigned port, long milliseconds) override;
};

/// A line in memory as its far end sees it.
class MemoryLine {
public:
  std::string host;
  unsigned port = 0;
  /// How much the EA may have sent that the far end has not taken; then its sends block.
  std::size_t window = 1 << 20;
  /// The most that one send or one read of the EA moves.
  int sendPiece = 1 << 30, readPiece = 1 << 30;
  /// How long each send of the EA takes, at most its timeout.
  long sendTakes = 0;
  /// Whether the EA notices a close of the far end: a line that was cut on the way says nothing.
  bool silent = false;
  bool tls = false;

  /// What the EA sent since the last call.
  std::string Take();
  void Give(std::string_view bytes);
  void Close() { m_closedFar = true; }
  bool ClosedByFar() const { return m_closedFar; }
  bool ClosedByEa() const { return m_closedNear; }

private:
  friend class MemoryConnection;
  std::deque<unsigned char> m_toFar, m_toNear;
  bool m_closedFar = false, m_closedNear = false;
};

/// Lines in memory; deterministic under a virtual clock.
class MemoryNetwork final : public Network {
public:
  explicit MemoryNetwork(Clock &clock) : m_clock(clock) {}
  /// The far end: takes the line (true) or refuses it. None: nobody listens.
  std::function<bool(const std::shared_ptr<MemoryLine> &)> onConnect;
  /// A connect is never answered: it lasts its whole time.
  bool blackHole = false;
  std::unique_ptr<Connection> Connect(const std::string &host, unsigned port, long milliseconds) override;

private:
  Clock &m_clock;
};

} // namespace mt
