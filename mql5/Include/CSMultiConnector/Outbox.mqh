//+------------------------------------------------------------------+
//| Outbox.mqh                                                       |
//| Lines on their way to the host: numbered without a gap, queued,  |
//| counted until they are acknowledged.                             |
//+------------------------------------------------------------------+
#ifndef CSMC_OUTBOX_MQH
#define CSMC_OUTBOX_MQH

#include "JsonWriter.mqh"
#include "Transport.mqh"

#define OUTBOX_BYTES   8388608
//--- lines sent and not acknowledged; the host stops reading at 1,000
#define OUTBOX_WINDOW  500

class COutbox
  {
private:
   CByteQueue        m_queue;
   long              m_seq;
   long              m_acknowledged;
   long              m_mattering;      // newest line that is more than a sign of life
   ulong             m_last_sent;

public:
                     COutbox(void) { Begin(0); }

   void              Begin(const ulong now)
     {
      m_queue.Begin(OUTBOX_BYTES);
      m_seq=0;
      m_acknowledged=0;
      m_mattering=0;
      m_last_sent=now;
     }

   bool              IsIdle(void) const { return(m_queue.Count()==0); }
   ulong             LastSent(void) const { return(m_last_sent); }

   //--- more lines may be written: the host keeps up
   bool              HasRoom(void) const { return(m_mattering-m_acknowledged<OUTBOX_WINDOW && m_queue.Count()<OUTBOX_BYTES/8); }

   void              BeginLine(CJsonWriter &writer,const string type) const
     {
      writer.Begin(type);
      writer.Number("seq",m_seq+1);
     }

   //--- false: no room
   bool              EndLine(const CJsonWriter &writer,const bool matters)
     {
      if(!Add(writer.Line()))
         return(false);
      m_seq++;
      if(matters)
         m_mattering=m_seq;
      return(true);
     }

   //--- a line without a number, as those of the login; false: no room
   bool              Add(const string line)
     {
      uchar bytes[];
      int count=CUtf8::Bytes(line+"\n",bytes);
      return(count>0 && m_queue.Append(bytes,count));
     }

   //--- everything up to this line is stored by the host; a number that was not sent yet means nothing
   void              Acknowledge(const long seq)
     {
      if(seq>m_acknowledged && seq<=m_seq)
         m_acknowledged=seq;
     }

   //--- sends what the line takes, at most max bytes; false: the connection is gone
   bool              Send(CTransport &transport,const int max,const ulong now)
     {
      int before=m_queue.Count();
      if(!transport.Send(m_queue,max))
         return(false);
      if(m_queue.Count()<before)
         m_last_sent=now;
      return(true);
     }

   int               Waiting(void) const { return(m_queue.Count()); }
  };

#endif
