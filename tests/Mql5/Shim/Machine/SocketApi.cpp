// Socket* of MQL5 over a Network.
#include "Machine.h"

#include <algorithm>

using mt::Machine;

namespace {

constexpr std::size_t MostSockets = 128;
constexpr long DefaultReadWait = 120'000;

mt::Socket *Find(int handle) {
  auto &sockets = Machine::Current().sockets;
  const auto at = sockets.find(handle);
  if (at != sockets.end()) return &at->second;
  _LastError = ERR_NETSOCKET_INVALIDHANDLE;
  return nullptr;
}

/// After a system error the terminal drops the connection; the handle stays until it is closed.
template <typename T> T Drop(mt::Socket &socket, T result) {
  socket.connection.reset();
  _LastError = ERR_NETSOCKET_IO_ERROR;
  return result;
}

/// The time that a call may block: "none" is for ever, which a test should rather see end.
long Patience(uint milliseconds) { return milliseconds == 0 ? 600'000L : static_cast<long>(milliseconds); }

int ReadInto(mt::Socket &socket, Arr<uchar> &buffer, uint maximum, long wait, bool all) {
  if (maximum == 0 || maximum > INT_MAX) {
    _LastError = ERR_INVALID_PARAMETER;
    return -1;
  }
  if (socket.connection == nullptr) return Drop(socket, -1);
  if (!buffer.IsDynamic()) maximum = std::min(maximum, static_cast<uint>(buffer.Size()));
  std::vector<uchar> bytes(maximum);
  uint have = 0;
  do {
    const int count = socket.connection->Read(bytes.data() + have, static_cast<int>(maximum - have), wait);
    if (count < 0) return have > 0 ? static_cast<int>(have) : Drop(socket, -1);
    if (count == 0) break;
    have += static_cast<uint>(count);
  } while (all && have < maximum);
  if (have == 0) return 0;
  // "The size of a dynamic array is increased by the number of read bytes"; the data lie at its beginning.
  if (buffer.IsDynamic()) buffer.Resize(buffer.Size() + static_cast<int>(have));
  for (uint i = 0; i < have; i++) buffer[i] = bytes[i];
  return static_cast<int>(have);
}

int SendFrom(mt::Socket &socket, const Arr<uchar> &buffer, uint length) {
  if (length > static_cast<uint>(buffer.Size())) {
    _LastError = ERR_INVALID_PARAMETER;
    return -1;
  }
  if (socket.connection == nullptr) return Drop(socket, -1);
  if (length == 0) return 0;
  const int count = socket.connection->Write(buffer.Data(), static_cast<int>(length), Patience(socket.sendTimeout));
  return count < 0 ? Drop(socket, -1) : count;
}

bool Handshake(mt::Socket &socket, const string &host) {
  if (socket.connection != nullptr && socket.connection->StartTls(host.Utf8(), Patience(socket.receiveTimeout))) {
    socket.tls = true;
    return true;
  }
  socket.connection.reset();
  _LastError = ERR_NETSOCKET_HANDSHAKE_FAILED;
  return false;
}

} // namespace

int SocketCreate(uint) {
  Machine &machine = Machine::Current();
  if (machine.tester) {
    _LastError = ERR_FUNCTION_NOT_ALLOWED;
    return INVALID_HANDLE;
  }
  if (machine.sockets.size() >= MostSockets) {
    _LastError = ERR_NETSOCKET_TOO_MANY_OPENED;
    return INVALID_HANDLE;
  }
  const int handle = machine.nextSocket++;
  machine.sockets[handle];
  return handle;
}

bool SocketConnect(int handle, const string host, uint port, uint timeout) {
  Machine &machine = Machine::Current();
  mt::Socket *socket = Find(handle);
  if (socket == nullptr) return false;
  if (!machine.allowedAddresses.contains(host.Utf8())) {
    _LastError = machine.unlistedAddressError;
    return false;
  }
  if (socket->connection != nullptr || port == 0 || port > 65535) {
    _LastError = ERR_NETSOCKET_CANNOT_CONNECT;
    return false;
  }
  socket->connection = machine.network.Connect(host.Utf8(), port, static_cast<long>(timeout));
  if (socket->connection == nullptr) {
    _LastError = ERR_NETSOCKET_CANNOT_CONNECT;
    return false;
  }
  return port != 443 || Handshake(*socket, host);
}

bool SocketIsConnected(int handle) {
  mt::Socket *socket = Find(handle);
  return socket != nullptr && socket->connection != nullptr && socket->connection->IsOpen();
}

uint SocketIsReadable(int handle) {
  mt::Socket *socket = Find(handle);
  if (socket == nullptr || socket->connection == nullptr) return 0;
  const int waiting = socket->connection->Readable();
  const bool first = !socket->wasRead;
  socket->wasRead = true;
  return waiting > 0 ? static_cast<uint>(waiting) : first && Machine::Current().phantomReadable ? 1U : 0U;
}

bool SocketIsWritable(int handle) {
  mt::Socket *socket = Find(handle);
  return socket != nullptr && socket->connection != nullptr && socket->connection->Writable();
}

bool SocketTimeouts(int handle, uint send, uint receive) {
  mt::Socket *socket = Find(handle);
  if (socket == nullptr) return false;
  socket->sendTimeout = send;
  socket->receiveTimeout = receive;
  return true;
}

int SocketRead(int handle, Arr<uchar> &buffer, uint maximum, uint timeout) {
  mt::Socket *socket = Find(handle);
  if (socket == nullptr) return -1;
  if (socket->tls) return Drop(*socket, -1);
  const int count = ReadInto(*socket, buffer, maximum, timeout == 0 ? DefaultReadWait : static_cast<long>(timeout), false);
  return count == 0 ? -1 : count; // nothing within the time: -1, and no error of its own
}

int SocketSend(int handle, const Arr<uchar> &buffer, uint length) {
  mt::Socket *socket = Find(handle);
  if (socket == nullptr) return -1;
  return socket->tls ? Drop(*socket, -1) : SendFrom(*socket, buffer, length);
}

bool SocketTlsHandshake(int handle, const string host) {
  mt::Socket *socket = Find(handle);
  return socket != nullptr && Handshake(*socket, host);
}

bool SocketTlsCertificate(int handle, string &subject, string &issuer, string &serial, string &thumbprint, datetime &expires) {
  mt::Socket *socket = Find(handle);
  if (socket == nullptr) return false;
  const mt::TlsFacts *facts = socket->connection == nullptr ? nullptr : socket->connection->Tls();
  if (facts == nullptr) {
    _LastError = ERR_NETSOCKET_NO_CERTIFICATE;
    return false;
  }
  subject = string::FromUtf8(facts->subject);
  issuer = string::FromUtf8(facts->issuer);
  serial = string::FromUtf8(facts->serial);
  thumbprint = string::FromUtf8(facts->thumbprint);
  expires = facts->expires;
  return true;
}

int SocketTlsRead(int handle, Arr<uchar> &buffer, uint maximum) {
  mt::Socket *socket = Find(handle);
  if (socket == nullptr) return -1;
  if (!socket->tls) return Drop(*socket, -1);
  const int count = ReadInto(*socket, buffer, maximum, Patience(socket->receiveTimeout), true);
  return count == 0 ? -1 : count;
}

int SocketTlsReadAvailable(int handle, Arr<uchar> &buffer, const uint maximum) {
  mt::Socket *socket = Find(handle);
  if (socket == nullptr) return -1;
  if (!socket->tls) return Drop(*socket, -1);
  return ReadInto(*socket, buffer, maximum, 0, false);
}

int SocketTlsSend(int handle, const Arr<uchar> &buffer, uint length) {
  mt::Socket *socket = Find(handle);
  if (socket == nullptr) return -1;
  return !socket->tls ? Drop(*socket, -1) : SendFrom(*socket, buffer, length);
}

bool SocketClose(const int handle) {
  if (Find(handle) == nullptr) return false;
  Machine::Current().sockets.erase(handle);
  return true;
}
