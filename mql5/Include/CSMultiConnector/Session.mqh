//+------------------------------------------------------------------+
//| Session.mqh                                                      |
//| One connection to the host: login proved both ways, numbered     |
//| lines, acknowledgements, heartbeats. Nothing but hello is sent   |
//| before the host has proved that it knows the secret.             |
//+------------------------------------------------------------------+
#ifndef CSMC_SESSION_MQH
#define CSMC_SESSION_MQH

#include "AccountFacts.mqh"
#include "Context.mqh"
#include "JsonLine.mqh"
#include "JsonWriter.mqh"
#include "LevelTable.mqh"
#include "LineBuffer.mqh"
#include "Nonce.mqh"
#include "Requests.mqh"
#include "Sha256.mqh"
#include "Transport.mqh"

#define SESSION_PROTOCOL        1
#define SESSION_LOGIN_MS        15000
#define SESSION_SILENT_BEATS    3
#define SESSION_QUEUE_BYTES     8388608
#define SESSION_SEND_A_TICK     262144
#define SESSION_LINES_A_TICK    200
//--- lines sent and not acknowledged; the host stops reading at 1,000
#define SESSION_WINDOW          500
#define SESSION_RESUME_LINES    100000

enum ENUM_SESSION_PHASE
  {
   SESSION_CLOSED,
   SESSION_CHALLENGE,
   SESSION_WELCOME,
   SESSION_RESUME,
   SESSION_OPEN
  };

//--- why a connection ended
enum ENUM_SESSION_END
  {
   SESSION_END_NONE,
   SESSION_END_LOST,          // broken, silent, closed by the host, or it takes no session now: try again
   SESSION_END_REFUSED,       // it may accept a later login
   SESSION_END_FINAL,         // it will never accept this login
   SESSION_END_REPLACED,      // another session took this one's place
   SESSION_END_STOPPED        // the host said stop
  };

//--- where the host's record of a stream ends
struct SResumePoint
  {
   long              magic;
   long              deal;
   long              time_msc;
  };

class CSession
  {
private:
   CTransport        m_transport;
   CByteQueue        m_queue;
   CLineBuffer       m_buffer;
   CNonce            m_nonces;
   CRequests         m_requests;
   ENUM_SESSION_PHASE m_phase;
   ENUM_SESSION_END  m_end;
   string            m_end_text;
   string            m_nonce;
   ulong             m_opened;
   ulong             m_last_read;
   ulong             m_last_sent;
   ulong             m_heartbeat;
   long              m_seq;
   long              m_acknowledged;
   long              m_mattering;      // newest line that is more than a sign of life
   bool              m_pong;
   bool              m_snapshot_wanted;
   bool              m_symbols_wanted;
   SResumePoint      m_resume[];
   CLevelTable       m_ledger;
   long              m_ledger_deal;
   int               m_resume_lines;

public:
                     CSession(void) { Begin(); }

   void              Begin(void)
     {
      Drop();
      m_end=SESSION_END_NONE;
      m_end_text="";
     }

   ENUM_SESSION_PHASE Phase(void) const { return(m_phase); }
   bool              IsOpen(void) const { return(m_phase==SESSION_OPEN); }
   ENUM_SESSION_END  EndKind(void) const { return(m_end); }
   string            EndText(void) const { return(m_end_text); }
   bool              SnapshotWanted(void) const { return(m_snapshot_wanted); }
   void              SetSnapshotTaken(void) { m_snapshot_wanted=false; }

   //--- once: the host does not know a symbol that was described
   bool              TakeSymbolsWanted(void)
     {
      bool wanted=m_symbols_wanted;
      m_symbols_wanted=false;
      return(wanted);
     }

   //--- of the login
   int               ResumeTotal(void) const { return(ArraySize(m_resume)); }
   bool              ResumeAt(const int index,SResumePoint &point) const
     {
      if(index<0 || index>=ArraySize(m_resume))
         return(false);
      point=m_resume[index];
      return(true);
     }
   int               LedgerTotal(void) const { return(m_ledger.Total()); }
   bool              LedgerAt(const int index,SStreamLevel &row) const { return(m_ledger.At(index,row)); }
   long              LedgerDeal(void) const { return(m_ledger_deal); }

   //--- connects (at most some seconds) and waits for the challenge; false = EndText says why
   bool              Connect(CContext &c)
     {
      Drop();
      m_end=SESSION_END_NONE;
      m_end_text="";
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
      m_last_sent=now;
      return(true);
     }

   //--- the owner's wish: no end of the host's
   void              Drop(void)
     {
      m_transport.Close();
      m_queue.Begin(SESSION_QUEUE_BYTES);
      m_buffer.Begin();
      m_requests.Begin();
      m_ledger.Clear();
      ArrayFree(m_resume);
      m_phase=SESSION_CLOSED;
      m_nonce="";
      m_opened=0;
      m_last_read=0;
      m_last_sent=0;
      m_heartbeat=5000;
      m_seq=0;
      m_acknowledged=0;
      m_mattering=0;
      m_pong=false;
      m_snapshot_wanted=false;
      m_symbols_wanted=false;
      m_ledger_deal=0;
      m_resume_lines=0;
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
            End(SESSION_END_LOST,LostText());
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
      if(m_phase==SESSION_OPEN && m_queue.Count()==0 && now-m_last_sent>=m_heartbeat)
        {
         BeginLine(writer,"ping");
         EndLine(writer,false);
        }
     }

   void              Flush(const ulong now)
     {
      if(m_phase==SESSION_CLOSED || m_queue.Count()==0)
         return;
      int before=m_queue.Count();
      if(!m_transport.Send(m_queue,SESSION_SEND_A_TICK))
        {
         End(SESSION_END_LOST,"the connection was lost while sending");
         return;
        }
      if(m_queue.Count()<before)
         m_last_sent=now;
     }

   //--- more lines may be written: the host keeps up
   bool              HasRoom(void) const { return(m_phase==SESSION_OPEN && m_mattering-m_acknowledged<SESSION_WINDOW && m_queue.Count()<SESSION_QUEUE_BYTES/8); }
   bool              IsIdle(void) const { return(m_queue.Count()==0); }

   void              BeginLine(CJsonWriter &writer,const string type) const
     {
      writer.Begin(type);
      writer.Number("seq",m_seq+1);
     }

   //--- false: no room, and the session has ended
   bool              EndLine(const CJsonWriter &writer,const bool matters)
     {
      if(m_phase!=SESSION_OPEN)
         return(false);
      if(!Enqueue(writer.Line()+"\n"))
         return(false);
      m_seq++;
      if(matters)
         m_mattering=m_seq;
      return(true);
     }

   //--- the buttons; "" = all connectors
   bool              Request(const string connector,const bool resume)
     {
      if(m_phase!=SESSION_OPEN)
         return(false);
      string id=m_requests.Add(StringSubstr(m_nonce,0,12),connector);
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
         while(m_phase==SESSION_OPEN && m_queue.Count()>0 && GetTickCount64()-start<milliseconds)
           {
            int before=m_queue.Count();
            if(!m_transport.Send(m_queue,TRANSPORT_CHUNK) || m_queue.Count()==before)
               break;
           }
        }
      Drop();
     }

private:
   void              End(const ENUM_SESSION_END kind,const string text)
     {
      Drop();
      m_end=kind;
      m_end_text=text;
     }

   string            LostText(void) const
     {
      if(m_phase==SESSION_OPEN)
         return("the host closed the connection");
      return("the host closed the connection during login");
     }

   bool              Enqueue(const string text)
     {
      uchar bytes[];
      int count=CUtf8::Bytes(text,bytes);
      if(count>0 && m_queue.Append(bytes,count))
         return(true);
      End(SESSION_END_LOST,"too much waits to be sent: synchronising anew");
      return(false);
     }

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
         TakeBye(line);
         return;
        }
      if(m_phase==SESSION_OPEN)
        {
         TakeOpen(c,line,type);
         return;
        }
      if(type=="error")
        {
         TakeRefusal(line);
         return;
        }
      bool good=false;
      if(m_phase==SESSION_CHALLENGE && type=="challenge")
         good=TakeChallenge(c,account,line);
      if(m_phase==SESSION_WELCOME && type=="welcome")
         good=TakeWelcome(c,line,bytes,count);
      else
         if(m_phase==SESSION_RESUME)
            good=TakeResume(line,type);
      if(!good && m_phase!=SESSION_CLOSED)
         End(SESSION_END_LOST,"the other side does not follow the login of the feed protocol");
     }

   void              TakeBye(const CJsonLine &line)
     {
      string reason=line.TextOr("reason","");
      if(reason=="replaced")
         End(SESSION_END_REPLACED,"another session of this terminal took this one's place");
      else
         End(SESSION_END_LOST,"the host left: "+reason);
     }

   //--- an error during login
   void              TakeRefusal(const CJsonLine &line)
     {
      string code=line.TextOr("code","");
      string text=line.TextOr("text","");
      if(code=="unauthorised")
         End(SESSION_END_REFUSED,"the host refused the login: check client id and secret ("+text+")");
      else
         if(code=="busy")
            End(SESSION_END_REFUSED,"another Expert Advisor feeds this account with other magic IDs; remove one of the two, or wait until it has left ("+text+")");
         else
            if(code=="replaced")
               End(SESSION_END_REPLACED,"another session of this terminal took this one's place");
            else
               if(code=="unsupported-protocol")
                  End(SESSION_END_FINAL,"the host speaks another version of the feed protocol; install the Expert Advisor that came with the host ("+text+")");
               else
                  if(code=="bad-field")
                     End(SESSION_END_FINAL,"the host does not accept this login; correct what it names in the inputs or the account ("+text+")");
                  else
                     End(SESSION_END_FINAL,"the host refused the login: "+code+" ("+text+")");
     }

   bool              TakeChallenge(CContext &c,const CAccountFacts &account,const CJsonLine &line)
     {
      long protocol=0;
      string nonce="";
      if(!line.Integer("protocol",1,protocol))
         return(false);
      if(protocol!=SESSION_PROTOCOL)
        {
         End(SESSION_END_FINAL,"the host speaks version "+IntegerToString(protocol)+" of the feed protocol, this Expert Advisor version "
             +IntegerToString(SESSION_PROTOCOL)+"; install the Expert Advisor that came with the host");
         return(false);
        }
      if(!line.Text("nonce",nonce) || StringLen(nonce)!=NONCE_DIGITS)
         return(false);
      m_nonce=m_nonces.Next();
      string proof="";
      CJsonWriter hello;
      WriteHello(hello,c.settings,account);
      if(StringLen(m_nonce)!=NONCE_DIGITS || !ProofOfText(c.settings.Secret,"csmc-feed-1|"+nonce+"|",hello.Unclosed(),proof))
        {
         End(SESSION_END_LOST,"the terminal could not compute the proof of the secret");
         return(false);
        }
      c.panel.SetHostVersion(line.TextOr("version",""));
      if(!Enqueue(hello.Unclosed()+",\"proof\":\""+proof+"\"}\n"))
         return(false);
      m_phase=SESSION_WELCOME;
      return(true);
     }

   void              WriteHello(CJsonWriter &hello,const CSettings &settings,const CAccountFacts &account) const
     {
      hello.Begin("hello");
      hello.Number("protocol",SESSION_PROTOCOL);
      hello.Text("client",settings.ClientId,64);
      hello.Text("nonce",m_nonce,NONCE_DIGITS);
      hello.Number("login",account.login);
      hello.Text("server",account.server,128);
      hello.Text("margin",account.margin,16);
      hello.Text("mode",account.mode,16);
      hello.Text("currency",account.currency,16);
      hello.Number("build",account.build);
      hello.Text("ea",CSMC_VERSION,32);
      hello.Text("magics",settings.Magics,6000);
      hello.Flag("stopOnCritical",settings.StopOnCritical);
      hello.Text("licence",settings.Licence,256);
     }

   bool              ProofOfText(const string secret,const string purpose,const string text,string &proof) const
     {
      uchar message[];
      uchar key[];
      uchar digest[];
      CUtf8::Bytes(purpose+text,message);
      CUtf8::Bytes(secret,key);
      if(!CSha256::Hmac(key,message,digest))
         return(false);
      proof=CSha256::Hex(digest,SHA256_BYTES);
      return(true);
     }

   bool              TakeWelcome(CContext &c,const CJsonLine &line,const uchar &bytes[],const int count)
     {
      if(!IsProved(c.settings.Secret,line,bytes,count))
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

   //--- over the bytes that came, up to the last key, which is the proof
   bool              IsProved(const string secret,const CJsonLine &line,const uchar &bytes[],const int count) const
     {
      string proof="";
      if(line.LastKey()!="proof" || !line.Text("proof",proof))
         return(false);
      uchar mark[];
      uchar purpose[];
      uchar key[];
      uchar message[];
      uchar digest[];
      int length=CUtf8::Bytes(",\"proof\"",mark);
      int start=LastPlace(bytes,count,mark,length);
      if(start<0)
         return(false);
      int head=CUtf8::Bytes("csmc-host-1|"+m_nonce+"|",purpose);
      CUtf8::Bytes(secret,key);
      if(ArrayResize(message,head+start)!=head+start)
         return(false);
      for(int i=0; i<head; i++)
         message[i]=purpose[i];
      for(int i=0; i<start; i++)
         message[head+i]=bytes[i];
      return(CSha256::Hmac(key,message,digest) && CSha256::IsSame(digest,proof));
     }

   static int        LastPlace(const uchar &bytes[],const int count,const uchar &mark[],const int length)
     {
      for(int start=count-length; start>=0; start--)
        {
         int same=0;
         while(same<length && bytes[start+same]==mark[same])
            same++;
         if(same==length)
            return(start);
        }
      return(-1);
     }

   bool              TakeResume(const CJsonLine &line,const string type)
     {
      m_resume_lines++;
      if(m_resume_lines>SESSION_RESUME_LINES)
         return(false);
      if(type=="resume")
        {
         SResumePoint point;
         int total=ArraySize(m_resume);
         if(!line.Integer("magic",0,point.magic) || !line.Integer("deal",0,point.deal) || !line.Integer("timeMsc",0,point.time_msc))
            return(false);
         if(ArrayResize(m_resume,total+1,64)!=total+1)
            return(false);
         m_resume[total]=point;
         return(true);
        }
      if(type=="resume-position")
        {
         long magic=0;
         long long_lots=0;
         long short_lots=0;
         string symbol=line.TextOr("symbol","");
         if(StringLen(symbol)==0 || !line.Integer("magic",-1,magic) || !line.Volume("long",long_lots) || !line.Volume("short",short_lots))
            return(false);
         m_ledger.Add(symbol,magic,long_lots,short_lots);
         return(true);
        }
      if(type!="ready")
         return(false);
      line.Integer("ledgerDeal",0,m_ledger_deal);
      m_phase=SESSION_OPEN;
      return(true);
     }

   //--- a type that is not known is ignored
   void              TakeOpen(CContext &c,const CJsonLine &line,const string type)
     {
      if(type=="ack")
        {
         long seq=0;
         if(line.Integer("seq",1,seq) && seq>m_acknowledged && seq<=m_seq)
            m_acknowledged=seq;
        }
      else
         if(type=="ping")
            m_pong=true;
         else
            if(type=="snapshot-wanted")
               m_snapshot_wanted=true;
            else
               if(type=="status")
                  TakeStatus(c,line);
               else
                  if(type=="log")
                     c.log.FromHost(line.TextOr("level","info"),line.TextOr("text",""));
                  else
                     if(type=="stop")
                        End(SESSION_END_STOPPED,line.TextOr("reason",""));
                     else
                        if(type=="error")
                           TakeError(c,line);
                        else
                           if(type=="done")
                              TakeDone(c,line);
     }

   void              TakeStatus(CContext &c,const CJsonLine &line)
     {
      c.panel.SetConnector(line.TextOr("connector",""),line.TextOr("venue",""),line.TextOr("state",""),line.TextOr("text",""),
                           line.TextOr("version",""),line.TextOr("licence",""));
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

   void              TakeDone(CContext &c,const CJsonLine &line)
     {
      bool ok=false;
      string connector="";
      string text=line.TextOr("text","");
      line.Flag("ok",ok);
      if(!m_requests.Take(line.Token("id"),connector))
         return;
      c.panel.EndRequest(connector);
      if(ok)
        {
         c.log.Information(text);
         return;
        }
      c.log.Warning(text);
      c.panel.SetError(text);
     }
  };

#endif
