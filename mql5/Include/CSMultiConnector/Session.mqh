//+------------------------------------------------------------------+
//| Session.mqh                                                      |
//| One connection to the host: login, then lines both ways, with    |
//| acknowledgements and heartbeats. Nothing but hello is sent       |
//| before the host has proved that it knows the secret.             |
//+------------------------------------------------------------------+
#ifndef CSMC_SESSION_MQH
#define CSMC_SESSION_MQH

#include "HostNews.mqh"
#include "HostRecord.mqh"
#include "LineBuffer.mqh"
#include "Login.mqh"
#include "Outbox.mqh"
#include "SessionEnd.mqh"

#define SESSION_LOGIN_MS        15000
#define SESSION_SILENT_BEATS    3
#define SESSION_SEND_A_TICK     262144
#define SESSION_LINES_A_TICK    200

enum ENUM_SESSION_PHASE
  {
   SESSION_CLOSED,
   SESSION_CHALLENGE,
   SESSION_WELCOME,
   SESSION_RESUME,
   SESSION_OPEN
  };

class CSession
  {
private:
   CTransport        m_transport;
   COutbox           m_out;
   CLineBuffer       m_buffer;
   CLogin            m_login;
   CHostRecord       m_record;
   CHostNews         m_news;
   CSessionEnd       m_end;
   ENUM_SESSION_PHASE m_phase;
   ulong             m_opened;
   ulong             m_last_read;
   ulong             m_heartbeat;
   bool              m_pong;
   bool              m_snapshot_wanted;
   bool              m_symbols_wanted;

public:
                     CSession(void) { Begin(); }

   void              Begin(void)
     {
      Drop();
      m_end.Clear();
     }

   ENUM_SESSION_PHASE Phase(void) const { return(m_phase); }
   bool              IsOpen(void) const { return(m_phase==SESSION_OPEN); }
   ENUM_SESSION_END  EndKind(void) const { return(m_end.Kind()); }
   string            EndText(void) const { return(m_end.Text()); }
   bool              SnapshotWanted(void) const { return(m_snapshot_wanted); }
   void              SetSnapshotTaken(void) { m_snapshot_wanted=false; }

   //--- once: the host does not know a symbol that was described
   bool              TakeSymbolsWanted(void)
     {
      bool wanted=m_symbols_wanted;
      m_symbols_wanted=false;
      return(wanted);
     }

   //--- what the login told
   bool              ResumeAt(const int index,SResumePoint &point) const { return(m_record.PointAt(index,point)); }
   int               LedgerTotal(void) const { return(m_record.LedgerTotal()); }
   bool              LedgerAt(const int index,SStreamLevel &row) const { return(m_record.LedgerAt(index,row)); }
   long              LedgerDeal(void) const { return(m_record.LedgerDeal()); }

   //--- connects (at most some seconds) and waits for the challenge; false = EndText says why
   bool              Connect(CContext &c)
     {
      Drop();
      m_end.Clear();
      string problem=m_transport.Open(c.settings.Host,c.settings.Port,c.settings.Tls);
      if(StringLen(problem)>0)
        {
         End(SESSION_END_LOST,problem);
         return(false);
        }
      m_phase=SESSION_CHALLENGE;
      //--- connecting took its time
      ulong now=GetTickCount64();
      m_opened=now;
      m_last_read=now;
      m_out.Begin(now);
      return(true);
     }

   //--- the owner's wish: no end of the host's
   void              Drop(void)
     {
      m_transport.Close();
      m_out.Begin(0);
      m_buffer.Begin();
      m_login.Begin();
      m_record.Begin();
      m_news.Begin();
      m_phase=SESSION_CLOSED;
      m_opened=0;
      m_last_read=0;
      m_heartbeat=5000;
      m_pong=false;
      m_snapshot_wanted=false;
      m_symbols_wanted=false;
     }

   //--- takes what the host sent; bounded
   void              Receive(CContext &c,const CAccountFacts &account,const ulong now)
     {
      if(m_phase==SESSION_CLOSED)
         return;
      uchar bytes[];
      int max=m_buffer.Room();
      bool gone=false;
      if(max>0)
        {
         int count=m_transport.Read(bytes,max);
         if(count<0)
            gone=true;
         else
            m_buffer.Append(bytes,count);
        }
      uchar line[];
      int length=0;
      int lines=0;
      while(m_phase!=SESSION_CLOSED && lines<SESSION_LINES_A_TICK && !IsStopped())
        {
         if(!m_buffer.Next(line,length))
            break;
         lines++;
         m_last_read=now;
         Take(c,account,line,length);
        }
      if(m_phase==SESSION_CLOSED)
         return;
      if(m_buffer.IsBroken())
         End(SESSION_END_LOST,"the host sent a line that is too long");
      else
         //--- what arrived before the end was taken above, unless it is more than one tick may do
         if(gone && lines<SESSION_LINES_A_TICK)
            End(SESSION_END_LOST,m_phase==SESSION_OPEN ? "the host closed the connection" : "the host closed the connection during login");
     }

   //--- answers, signs of life, the limits of time
   void              KeepAlive(const ulong now)
     {
      if(m_phase==SESSION_CLOSED)
         return;
      if(m_phase!=SESSION_OPEN)
        {
         if(now-m_opened>=SESSION_LOGIN_MS)
            End(SESSION_END_LOST,m_phase==SESSION_CHALLENGE
                ? "the host said nothing: check address and port, and set TLS if the host expects it"
                : "the host did not answer in time");
         return;
        }
      if(now-m_last_read>=SESSION_SILENT_BEATS*m_heartbeat)
        {
         End(SESSION_END_LOST,"the host was silent for three heartbeats");
         return;
        }
      CJsonWriter writer;
      if(m_pong)
        {
         m_pong=false;
         BeginLine(writer,"pong");
         EndLine(writer,false);
        }
      if(m_phase==SESSION_OPEN && m_out.IsIdle() && now-m_out.LastSent()>=m_heartbeat)
        {
         BeginLine(writer,"ping");
         EndLine(writer,false);
        }
     }

   void              Flush(const ulong now)
     {
      if(m_phase==SESSION_CLOSED || m_out.IsIdle())
         return;
      if(!m_out.Send(m_transport,SESSION_SEND_A_TICK,now))
         End(SESSION_END_LOST,"the connection was lost while sending");
     }

   //--- more lines may be written: the host keeps up
   bool              HasRoom(void) const { return(m_phase==SESSION_OPEN && m_out.HasRoom()); }

   void              BeginLine(CJsonWriter &writer,const string type) const { m_out.BeginLine(writer,type); }

   //--- false: no room, and the session has ended
   bool              EndLine(const CJsonWriter &writer,const bool matters)
     {
      if(m_phase!=SESSION_OPEN)
         return(false);
      if(m_out.EndLine(writer,matters))
         return(true);
      EndFull();
      return(false);
     }

   //--- the buttons; "" = all connectors
   bool              Request(const string connector,const bool resume)
     {
      if(m_phase!=SESSION_OPEN)
         return(false);
      string id=m_news.Expect(StringSubstr(m_login.Nonce(),0,12),connector);
      if(StringLen(id)==0)
         return(false);
      CJsonWriter writer;
      if(resume)
         BeginLine(writer,"resume-trading");
      else
         BeginLine(writer,"pause");
      writer.Text("id",id,64);
      if(StringLen(connector)>0)
         writer.Text("connector",connector,64);
      return(EndLine(writer,true));
     }

   //--- says good-bye and tries for a while to send what waits
   void              Leave(const string reason,const ulong milliseconds)
     {
      if(m_phase==SESSION_OPEN)
        {
         CJsonWriter writer;
         BeginLine(writer,"bye");
         writer.Text("reason",reason,256);
         EndLine(writer,false);
         ulong start=GetTickCount64();
         while(m_phase==SESSION_OPEN && !m_out.IsIdle() && GetTickCount64()-start<milliseconds)
           {
            int before=m_out.Waiting();
            if(!m_out.Send(m_transport,TRANSPORT_CHUNK,start) || m_out.Waiting()==before)
               break;
           }
        }
      Drop();
     }

private:
   void              End(const ENUM_SESSION_END kind,const string text)
     {
      Drop();
      m_end.Set(kind,text);
     }

   void              EndFull(void) { End(SESSION_END_LOST,"too much waits to be sent: synchronising anew"); }

   void              Take(CContext &c,const CAccountFacts &account,const uchar &bytes[],const int count)
     {
      CJsonLine line;
      if(!line.Parse(bytes,count))
        {
         End(SESSION_END_LOST,"the other side does not speak the feed protocol: check address, port and TLS");
         return;
        }
      string type=line.Type();
      if(type=="bye")
        {
         Drop();
         m_end.SetBye(line.TextOr("reason",""));
         return;
        }
      if(m_phase==SESSION_OPEN)
        {
         TakeOpen(c,line,type);
         return;
        }
      if(type=="error")
        {
         Drop();
         m_end.SetRefusal(line.TextOr("code",""),line.TextOr("text",""));
         return;
        }
      bool good=false;
      if(m_phase==SESSION_CHALLENGE && type=="challenge")
         good=TakeChallenge(c,account,line);
      if(m_phase==SESSION_WELCOME && type=="welcome")
         good=TakeWelcome(c,line,bytes,count);
      else
         if(m_phase==SESSION_RESUME)
            good=TakeRecord(line,type);
      if(!good && m_phase!=SESSION_CLOSED)
         End(SESSION_END_LOST,"the other side does not follow the login of the feed protocol");
     }

   bool              TakeChallenge(CContext &c,const CAccountFacts &account,const CJsonLine &line)
     {
      long protocol=0;
      string nonce="";
      if(!line.Integer("protocol",1,protocol))
         return(false);
      if(protocol!=LOGIN_PROTOCOL)
        {
         End(SESSION_END_FINAL,"the host speaks version "+IntegerToString(protocol)+" of the feed protocol, this Expert Advisor version "
             +IntegerToString(LOGIN_PROTOCOL)+"; install the Expert Advisor that came with the host");
         return(false);
        }
      if(!line.Text("nonce",nonce) || StringLen(nonce)!=NONCE_DIGITS)
         return(false);
      string hello="";
      if(!m_login.Hello(c.settings,account,nonce,hello))
        {
         End(SESSION_END_LOST,"the terminal could not compute the proof of the secret");
         return(false);
        }
      c.panel.SetHostVersion(line.TextOr("version",""));
      if(!m_out.Add(hello))
        {
         EndFull();
         return(false);
        }
      m_phase=SESSION_WELCOME;
      return(true);
     }

   bool              TakeWelcome(CContext &c,const CJsonLine &line,const uchar &bytes[],const int count)
     {
      if(!m_login.IsProved(c.settings.Secret,line,bytes,count))
        {
         End(SESSION_END_LOST,"the other side could not prove that it knows the secret: check address and secret");
         return(false);
        }
      long seconds=0;
      if(!line.Integer("heartbeat",1,seconds) || seconds>3600)
         return(false);
      m_heartbeat=(ulong)seconds*1000;
      m_phase=SESSION_RESUME;
      return(true);
     }

   bool              TakeRecord(const CJsonLine &line,const string type)
     {
      if(!m_record.Take(line,type))
         return(false);
      if(m_record.IsWhole())
         m_phase=SESSION_OPEN;
      return(true);
     }

   //--- a type that is not known is ignored
   void              TakeOpen(CContext &c,const CJsonLine &line,const string type)
     {
      if(m_news.Take(c,line,type))
         return;
      if(type=="ack")
        {
         long seq=0;
         if(line.Integer("seq",1,seq))
            m_out.Acknowledge(seq);
        }
      else
         if(type=="ping")
            m_pong=true;
         else
            if(type=="snapshot-wanted")
               m_snapshot_wanted=true;
            else
               if(type=="stop")
                  End(SESSION_END_STOPPED,line.TextOr("reason",""));
               else
                  if(type=="error")
                     TakeError(c,line);
     }

   void              TakeError(CContext &c,const CJsonLine &line)
     {
      string code=line.TextOr("code","");
      string text=line.TextOr("text","");
      long seq=0;
      line.Integer("seq",0,seq);
      string whole="the host refused line "+IntegerToString(seq)+": "+code+" ("+text+")";
      c.log.Warning(whole);
      c.panel.SetError(whole);
      if(code=="replaced")
         End(SESSION_END_REPLACED,text);
      else
         if(code=="out-of-order")
            End(SESSION_END_LOST,"the host misses lines: synchronising anew ("+text+")");
         else
            if(code=="unknown-symbol")
               m_symbols_wanted=true;
     }
  };

#endif
