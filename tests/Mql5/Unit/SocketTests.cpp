// Socket* over lines in memory and over real TCP.
#include "MachineFixture.h"

#include <arpa/inet.h>
#include <sys/socket.h>

namespace {

class Sockets : public unit::OnMachine {
protected:
  std::shared_ptr<mt::MemoryLine> line;
  Arr<uchar> buffer;

  void SetUp() override {
    _LastError = 0;
    network.onConnect = [this](const std::shared_ptr<mt::MemoryLine> &made) {
      line = made;
      return true;
    };
  }
  int Connected() {
    const int socket = SocketCreate();
    EXPECT_TRUE(SocketTimeouts(socket, 200, 200));
    EXPECT_TRUE(SocketConnect(socket, "127.0.0.1", 5555, 1000));
    return socket;
  }
  void Fill(const char *text) {
    ArrayFree(buffer);
    const int count = StringToCharArray(text, buffer, 0, WHOLE_ARRAY, CP_UTF8);
    ArrayResize(buffer, count - 1);
  }
};

} // namespace

TEST_F(Sockets, AnAddressThatIsNotAllowedIsRefused) {
  const int socket = SocketCreate();
  EXPECT_FALSE(SocketConnect(socket, "10.0.0.1", 5555, 1000));
  EXPECT_EQ(4014, GetLastError());
}

TEST_F(Sockets, NothingListensAndABlackHole) {
  network.onConnect = nullptr;
  const int socket = SocketCreate();
  EXPECT_FALSE(SocketConnect(socket, "127.0.0.1", 5555, 1000));
  EXPECT_EQ(5272, GetLastError());
  network.blackHole = true;
  const long before = clock.Milliseconds();
  EXPECT_FALSE(SocketConnect(socket, "127.0.0.1", 5555, 1000));
  EXPECT_EQ(1000, clock.Milliseconds() - before);
  EXPECT_FALSE(SocketIsConnected(socket));
}

TEST_F(Sockets, ReadableIsOnceWrongAndAReadThenFindsNothing) {
  const int socket = Connected();
  EXPECT_EQ(1u, SocketIsReadable(socket));
  ResetLastError();
  EXPECT_EQ(-1, SocketRead(socket, buffer, 1, 10));
  EXPECT_EQ(0, GetLastError());
  EXPECT_TRUE(SocketIsConnected(socket));
  EXPECT_EQ(0u, SocketIsReadable(socket));
}

TEST_F(Sockets, ADynamicArrayGrowsByWhatWasRead) {
  const int socket = Connected();
  line->Give("hello");
  EXPECT_EQ(5u, SocketIsReadable(socket));
  EXPECT_EQ(2, SocketRead(socket, buffer, 2, 10));
  EXPECT_EQ(3, SocketRead(socket, buffer, 100, 10));
  EXPECT_EQ(5, ArraySize(buffer));
  EXPECT_EQ('l', buffer[0]);
}

TEST_F(Sockets, AClosedLineIsAnErrorAfterItsLastBytes) {
  const int socket = Connected();
  line->Give("x");
  line->Close();
  EXPECT_TRUE(SocketIsConnected(socket));
  EXPECT_EQ(1, SocketRead(socket, buffer, 10, 10));
  EXPECT_FALSE(SocketIsConnected(socket));
  EXPECT_EQ(-1, SocketRead(socket, buffer, 10, 10));
  EXPECT_EQ(5273, GetLastError());
  EXPECT_TRUE(SocketClose(socket));
  EXPECT_FALSE(SocketClose(socket));
  EXPECT_EQ(5270, GetLastError());
}

TEST_F(Sockets, ASendMayTakeLessAndAFullWindowEndsTheLine) {
  const int socket = Connected();
  line->sendPiece = 3;
  line->window = 4;
  Fill("abcdef");
  EXPECT_EQ(3, SocketSend(socket, buffer, 6));
  EXPECT_EQ("abc", line->Take());
  EXPECT_EQ(3, SocketSend(socket, buffer, 6));
  EXPECT_EQ(1, SocketSend(socket, buffer, 6));
  EXPECT_FALSE(SocketIsWritable(socket));
  const long before = clock.Milliseconds();
  EXPECT_EQ(-1, SocketSend(socket, buffer, 6));
  EXPECT_EQ(5273, GetLastError());
  EXPECT_EQ(200, clock.Milliseconds() - before);
}

TEST_F(Sockets, ThereAreNoMoreThan128) {
  for (int i = 0; i < 128; i++) EXPECT_NE(INVALID_HANDLE, SocketCreate());
  EXPECT_EQ(INVALID_HANDLE, SocketCreate());
  EXPECT_EQ(5271, GetLastError());
}

TEST_F(Sockets, NoneInTheTester) {
  machine.tester = true;
  EXPECT_EQ(INVALID_HANDLE, SocketCreate());
  EXPECT_EQ(4014, GetLastError());
}

TEST_F(Sockets, TlsFunctionsNeedTls) {
  int socket = Connected();
  string text;
  datetime time;
  EXPECT_FALSE(SocketTlsCertificate(socket, text, text, text, text, time));
  EXPECT_EQ(5275, GetLastError());
  EXPECT_FALSE(SocketTlsHandshake(socket, "127.0.0.1"));
  EXPECT_EQ(5274, GetLastError());
  socket = Connected();
  line->tls = true;
  EXPECT_TRUE(SocketTlsHandshake(socket, "127.0.0.1"));
  EXPECT_EQ(0, SocketTlsReadAvailable(socket, buffer, 10));
  line->Give("hi");
  EXPECT_EQ(2, SocketTlsReadAvailable(socket, buffer, 10));
}

TEST(TcpSockets, BytesGoBothWays) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(0, bind(listener, reinterpret_cast<sockaddr *>(&address), size));
  ASSERT_EQ(0, listen(listener, 1));
  ASSERT_EQ(0, getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size));

  mt::RealClock clock;
  mt::TcpNetwork network;
  mt::Machine machine(clock, network);
  mt::Machine::Scope scope(machine);
  const int socket = SocketCreate();
  SocketTimeouts(socket, 60'000, 60'000);
  ASSERT_TRUE(SocketConnect(socket, "127.0.0.1", ntohs(address.sin_port), 5000));
  const int peer = accept(listener, nullptr, nullptr);
  Arr<uchar> bytes;
  const int count = StringToCharArray("ping", bytes, 0, WHOLE_ARRAY, CP_UTF8) - 1;
  ASSERT_EQ(count, SocketSend(socket, bytes, static_cast<uint>(count)));
  char got[8] = {};
  ASSERT_EQ(4, recv(peer, got, sizeof got, 0));
  EXPECT_STREQ("ping", got);
  ASSERT_EQ(3, send(peer, "you", 3, 0));
  Arr<uchar> answer;
  EXPECT_EQ(3, SocketRead(socket, answer, 100, 10'000));
  close(peer);
  EXPECT_EQ(-1, SocketRead(socket, answer, 100, 10'000));
  EXPECT_EQ(5273, GetLastError());
  EXPECT_FALSE(SocketIsConnected(socket));
  close(listener);
}
