// File* in a folder of this machine.
#include "MachineFixture.h"

namespace {

class FilesOfTheTerminal : public unit::WithFiles {};

constexpr int Append = FILE_READ | FILE_WRITE | FILE_TXT | FILE_ANSI | FILE_SHARE_READ;

} // namespace

TEST_F(FilesOfTheTerminal, ReadAndWriteKeepsWhatIsThereAndWriteAloneDoesNot) {
  int file = FileOpen("log\\a.txt", Append, '\t', CP_UTF8);
  EXPECT_EQ(7u, FileWriteString(file, "Grüße"));
  FileClose(file);
  file = FileOpen("log\\a.txt", Append, '\t', CP_UTF8);
  EXPECT_TRUE(FileSeek(file, 0, SEEK_END));
  EXPECT_EQ(3u, FileWrite(file, 5));
  EXPECT_EQ(10u, FileSize(file));
  FileClose(file);
  EXPECT_EQ("Grüße5\r\n", Content("log/a.txt"));
  FileClose(FileOpen("log\\a.txt", FILE_WRITE | FILE_BIN));
  EXPECT_EQ("", Content("log/a.txt"));
}

TEST_F(FilesOfTheTerminal, NothingLeavesTheFolder) {
  for (const char *name : {"..\\a.txt", "a\\..\\..\\b", "/etc/passwd", "C:\\a.txt", ""}) {
    ResetLastError();
    EXPECT_EQ(INVALID_HANDLE, FileOpen(name, FILE_READ | FILE_BIN)) << name;
    EXPECT_EQ(5002, GetLastError()) << name;
  }
}

TEST_F(FilesOfTheTerminal, AMissingFileAndALockedOne) {
  EXPECT_EQ(INVALID_HANDLE, FileOpen("none", FILE_READ | FILE_BIN));
  EXPECT_EQ(5019, GetLastError());
  machine.files.locked.insert("log/a.txt");
  EXPECT_EQ(INVALID_HANDLE, FileOpen("log\\a.txt", Append, '\t', CP_UTF8));
  EXPECT_EQ(5004, GetLastError());
}

TEST_F(FilesOfTheTerminal, AnOpenFileIsNotMoved) {
  const int file = FileOpen("a", FILE_WRITE | FILE_BIN);
  EXPECT_FALSE(FileMove("a", 0, "b", FILE_REWRITE));
  FileClose(file);
  EXPECT_TRUE(FileMove("a", 0, "b", FILE_REWRITE));
  EXPECT_FALSE(FileIsExist("a"));
  EXPECT_TRUE(FileIsExist("b"));
}

TEST_F(FilesOfTheTerminal, AFullDiskWritesNothing) {
  const int file = FileOpen("a", FILE_WRITE | FILE_BIN);
  machine.files.full = true;
  Arr<uchar> bytes = {1, 2};
  EXPECT_EQ(0u, FileWriteArray(file, bytes));
  EXPECT_EQ(5026, GetLastError());
  FileClose(file);
}

TEST_F(FilesOfTheTerminal, LinesAreReadWithoutTheirEnd) {
  std::ofstream(machine.files.folder + "/secret") << "first\r\nsecond\n";
  const int file = FileOpen("secret", FILE_READ | FILE_TXT | FILE_ANSI, '\t', CP_UTF8);
  EXPECT_EQ("first", FileReadString(file).Utf8());
  EXPECT_FALSE(FileIsEnding(file));
  EXPECT_EQ("second", FileReadString(file).Utf8());
  EXPECT_TRUE(FileIsEnding(file));
  FileClose(file);
}

TEST_F(FilesOfTheTerminal, NoMoreThan64AreOpen) {
  for (int i = 0; i < 64; i++) EXPECT_NE(INVALID_HANDLE, FileOpen(IntegerToString(i), FILE_WRITE | FILE_BIN));
  EXPECT_EQ(INVALID_HANDLE, FileOpen("more", FILE_WRITE | FILE_BIN));
  EXPECT_EQ(5001, GetLastError());
}
