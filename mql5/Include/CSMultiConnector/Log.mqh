//+------------------------------------------------------------------+
//| Log.mqh                                                          |
//| The log file in MQL5\Files with its rotation, the Experts log    |
//| and alerts. Nothing here can stop the Expert Advisor.            |
//+------------------------------------------------------------------+
#ifndef CSMC_LOG_MQH
#define CSMC_LOG_MQH

#include "PlainText.mqh"
#include "Settings.mqh"

#define CSMC_LOG_FOLDER          "CSMultiConnector"
#define CSMC_LOG_OLD_FILES       4       // beside the current one: name.1.log (newest) to name.4.log
#define CSMC_LOG_WRITERS         4       // instances in one terminal that can have a file of their own
#define CSMC_LOG_TEXT_MAX        4096
#define CSMC_LOG_RETRY_MS        60000
#define CSMC_ALERT_TEXTS         16
#define CSMC_ALERT_REPEAT_MS     60000   // the same text not again within this time
#define CSMC_ALERTS_PER_MINUTE   6
#define CSMC_ALERT_TEXT_MAX      500

enum ENUM_CSMC_LEVEL
  {
   CSMC_LEVEL_INFORMATION=0,
   CSMC_LEVEL_WARNING=1,
   CSMC_LEVEL_ERROR=2
  };

class CLog
  {
private:
   string            m_secret;
   bool              m_toExperts;
   bool              m_informationToExperts;
   bool              m_alerts;
   ulong             m_limit;          // bytes of one file
   //--- the file
   bool              m_wanted;         // between Open and Close
   int               m_handle;
   string            m_base;           // path without ".log"
   string            m_path;
   bool              m_complained;     // that the file fails was said once
   ulong             m_retryAt;
   ulong             m_lost;           // lines that no file took
   //--- milliseconds of the local clock
   long              m_clock;
   ulong             m_clockTick;
   //--- alerts
   string            m_alertTexts[CSMC_ALERT_TEXTS];
   ulong             m_alertTicks[CSMC_ALERT_TEXTS];   // 0 = free
   int               m_alertNext;
   ulong             m_alertsHeld;

public:
                     CLog(void)
     {
      m_handle=INVALID_HANDLE;
      Forget();
     }

                    ~CLog(void)
     {
      Close();
     }

   // False: no file. The Experts log and the alerts work all the same, and the file is tried again.
   bool              Open(const CSettings &s)
     {
      Close();
      Forget();
      m_secret=s.Secret;
      m_toExperts=s.DuplicateToExperts;
      m_informationToExperts=s.PrintInformation;
      m_alerts=s.ShowAlert;
      m_limit=(ulong)s.MaxLogMegabytes*1024*1024;
      m_base=CSMC_LOG_FOLDER+"\\"+FileNameOf(AccountInfoInteger(ACCOUNT_LOGIN),AccountInfoString(ACCOUNT_SERVER));
      m_wanted=true;
      return(OpenFile());
     }

   void              Close(void)
     {
      if(m_handle!=INVALID_HANDLE)
         FileClose(m_handle);
      m_handle=INVALID_HANDLE;
      m_wanted=false;
     }

   void              Information(const string text)
     {
      Take(CSMC_LEVEL_INFORMATION,text);
     }

   void              Warning(const string text)
     {
      Take(CSMC_LEVEL_WARNING,text);
     }

   void              Error(const string text)
     {
      Take(CSMC_LEVEL_ERROR,text);
     }

   // A `log` line of the host. A level that this version does not know is a warning: it may matter.
   void              FromHost(const string level,const string text)
     {
      ENUM_CSMC_LEVEL known=CSMC_LEVEL_WARNING;
      if(level=="info")
         known=CSMC_LEVEL_INFORMATION;
      else
         if(level=="error")
            known=CSMC_LEVEL_ERROR;
      Take(known,"host: "+text);
     }

   // Path below MQL5\Files of the file being written; "" = none.
   string            Path(void) const
     {
      return(m_handle==INVALID_HANDLE ? "" : m_path);
     }

   // login@server as a file name: what a file system forbids becomes "_".
   static string     FileNameOf(const long login,const string server)
     {
      if(login<=0 || StringLen(server)==0)
         return("no-account");
      string name=CPlainText::Cut(IntegerToString(login)+"@"+server,100);
      int length=StringLen(name);
      for(int i=0; i<length; i++)
        {
         ushort c=StringGetCharacter(name,i);
         if(CPlainText::IsControl(c) || StringFind("\\/:*?\"<>|",ShortToString(c))>=0)
            StringSetCharacter(name,i,'_');
        }
      // Windows drops a dot or a blank at the end.
      ushort last=StringGetCharacter(name,length-1);
      if(last=='.' || last==' ')
         StringSetCharacter(name,length-1,'_');
      return(name);
     }

private:
   void              Forget(void)
     {
      m_secret="";
      m_toExperts=true;
      m_informationToExperts=true;
      m_alerts=false;
      m_limit=0;
      m_wanted=false;
      m_base="";
      m_path="";
      m_complained=false;
      m_retryAt=0;
      m_lost=0;
      m_clock=0;
      m_clockTick=0;
      for(int i=0; i<CSMC_ALERT_TEXTS; i++)
        {
         m_alertTexts[i]="";
         m_alertTicks[i]=0;
        }
      m_alertNext=0;
      m_alertsHeld=0;
     }

   void              Take(const ENUM_CSMC_LEVEL level,const string text)
     {
      string line=Safe(text);
      if(m_toExperts && (level!=CSMC_LEVEL_INFORMATION || m_informationToExperts))
         Print(LevelName(level)+": "+line);
      if(m_alerts && level==CSMC_LEVEL_ERROR)
         RaiseAlert(line);
      WriteLine(LevelName(level),line);
     }

   static string     LevelName(const ENUM_CSMC_LEVEL level)
     {
      if(level==CSMC_LEVEL_ERROR)
         return("ERROR");
      return(level==CSMC_LEVEL_WARNING ? "WARNING" : "INFO");
     }

   // One line, bounded, and whatever the text came from, without the secret.
   string            Safe(const string text) const
     {
      string safe=CPlainText::OneLine(text);
      if(StringLen(m_secret)>0)
         StringReplace(safe,m_secret,"***");
      return(CPlainText::Cut(safe,CSMC_LOG_TEXT_MAX));
     }

   //--- alerts
   void              RaiseAlert(const string line)
     {
      ulong now=GetTickCount64()+1;   // 0 means free
      int recent=0;
      for(int i=0; i<CSMC_ALERT_TEXTS; i++)
        {
         if(m_alertTicks[i]==0 || now-m_alertTicks[i]>=(ulong)CSMC_ALERT_REPEAT_MS)
            continue;
         if(m_alertTexts[i]==line)
            return;
         recent++;
        }
      if(recent>=CSMC_ALERTS_PER_MINUTE)
        {
         m_alertsHeld++;
         return;
        }
      m_alertTexts[m_alertNext]=line;
      m_alertTicks[m_alertNext]=now;
      m_alertNext=(m_alertNext+1)%CSMC_ALERT_TEXTS;
      string shown="CSMultiConnector: "+CPlainText::Cut(line,CSMC_ALERT_TEXT_MAX);
      if(m_alertsHeld>0)
         shown=shown+" ("+IntegerToString((long)m_alertsHeld)+" more errors are in the log.)";
      m_alertsHeld=0;
      Alert(shown);
     }

   //--- the file
   void              WriteLine(const string level,const string line)
     {
      if(!m_wanted)
         return;
      if(m_handle==INVALID_HANDLE && (GetTickCount64()<m_retryAt || !OpenFile()))
        {
         m_lost++;
         return;
        }
      Rotate();
      if(m_handle==INVALID_HANDLE)
        {
         m_lost++;
         return;
        }
      string lines="";
      if(m_lost>0)   // the first end of line closes a line that was cut off
         lines="\r\n"+Stamp()+" WARNING "+IntegerToString((long)m_lost)+" lines are missing here: the file could not be written.\r\n";
      lines=lines+Stamp()+" "+level+" "+line+"\r\n";
      if(!Append(lines))
        {
         m_lost++;
         return;
        }
      m_lost=0;
      m_complained=false;
     }

   bool              Append(const string lines)
     {
      uchar bytes[];
      int count=StringToCharArray(lines,bytes,0,WHOLE_ARRAY,CP_UTF8)-1;   // without the final 0
      if(count<=0)
         return(false);
      ResetLastError();
      uint written=FileWriteArray(m_handle,bytes,0,count);
      if((int)written!=count)
        {
         Fail("written");
         return(false);
        }
      FileFlush(m_handle);
      return(true);
     }

   // Each instance has a file of its own: a second one in the same terminal finds the first name taken.
   bool              OpenFile(void)
     {
      for(int i=1; i<=CSMC_LOG_WRITERS; i++)
        {
         string path=m_base+(i==1 ? "" : "-"+IntegerToString(i));
         ResetLastError();
         m_handle=FileOpen(path+".log",FILE_READ|FILE_WRITE|FILE_BIN|FILE_SHARE_READ);
         if(m_handle==INVALID_HANDLE)
            continue;
         if(FileSeek(m_handle,0,SEEK_END))
           {
            m_path=path+".log";
            m_retryAt=0;
            return(true);
           }
         FileClose(m_handle);
         m_handle=INVALID_HANDLE;
        }
      Fail("opened");
      return(false);
     }

   void              Rotate(void)
     {
      if(FileSize(m_handle)<m_limit)
         return;
      FileClose(m_handle);
      m_handle=INVALID_HANDLE;
      string stem=StringSubstr(m_path,0,StringLen(m_path)-4);
      ResetLastError();
      for(int i=CSMC_LOG_OLD_FILES-1; i>=0; i--)
        {
         string from=(i==0 ? m_path : stem+"."+IntegerToString(i)+".log");
         string to=stem+"."+IntegerToString(i+1)+".log";
         if(!FileIsExist(from))
            continue;
         // What cannot move must not be overwritten by the next one, and the current file must not grow on.
         if(!FileMove(from,0,to,FILE_REWRITE))
           {
            Fail("renamed to \""+to+"\"");
            return;
           }
        }
      OpenFile();
     }

   // Says it once until the file works again; the next try comes in a minute.
   void              Fail(const string verb)
     {
      int error=GetLastError();
      if(m_handle!=INVALID_HANDLE)
         FileClose(m_handle);
      m_handle=INVALID_HANDLE;
      m_retryAt=GetTickCount64()+(ulong)CSMC_LOG_RETRY_MS;
      if(m_complained)
         return;
      m_complained=true;
      Print("WARNING: the log file \""+m_base+".log\" in MQL5\\Files cannot be "+verb+" (error "+IntegerToString(error)
            +"); the Expert Advisor goes on without it and tries again every minute. Is the disk full, or the file open elsewhere?");
     }

   // Local time with milliseconds. The terminal tells whole seconds; the rest is counted by the monotonic clock and corrected
   // whenever it leaves the second that the terminal tells.
   string            Stamp(void)
     {
      long second=(long)TimeLocal();
      ulong tick=GetTickCount64();
      long now=m_clock+(long)(tick-m_clockTick);
      if(now<second*1000)
         now=second*1000;
      if(now>second*1000+999)
         now=second*1000+999;
      m_clock=now;
      m_clockTick=tick;
      return(TimeToString((datetime)second,TIME_DATE|TIME_SECONDS)+"."+StringFormat("%03d",(int)(now-second*1000)));
     }
  };

#endif
