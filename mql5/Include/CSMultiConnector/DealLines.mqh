//+------------------------------------------------------------------+
//| DealLines.mqh                                                    |
//| From attributed deals to lines: each batch in order of tickets,  |
//| sent as far as the host keeps up, a symbol before the first line |
//| that names it.                                                   |
//+------------------------------------------------------------------+
#ifndef CSMC_DEAL_LINES_MQH
#define CSMC_DEAL_LINES_MQH

#include "Attribution.mqh"
#include "KeyOrder.mqh"
#include "Session.mqh"
#include "SymbolBook.mqh"

#define DEALS_FACTS_MS        5000
#define DEALS_LINES_A_TICK    200

struct SOutDeal
  {
   SDeal             deal;
   long              stream;
  };

class CDealLines
  {
private:
   SOutDeal          m_batch[];
   int               m_batched;
   SOutDeal          m_out[];        // not sent yet, from m_sent on
   int               m_sent;
   bool              m_voided;
   ulong             m_facts_since;

public:
                     CDealLines(void) { Clear(); }

   void              Clear(void)
     {
      ArrayFree(m_batch);
      ArrayFree(m_out);
      m_batched=0;
      m_sent=0;
      m_voided=false;
      m_facts_since=0;
     }

   //--- all of the last batch is sent
   bool              IsIdle(void) const { return(m_sent>=ArraySize(m_out)); }

   //--- once: a line took a deal back, which tells no level
   bool              TakeVoided(void)
     {
      bool voided=m_voided;
      m_voided=false;
      return(voided);
     }

   //--- into the batch; false: no memory
   bool              Add(const SDeal &deal,const long stream)
     {
      if(m_batched>=ArraySize(m_batch) && ArrayResize(m_batch,m_batched+16,1024)<m_batched+16)
         return(false);
      m_batch[m_batched].deal=deal;
      m_batch[m_batched].stream=stream;
      m_batched++;
      return(true);
     }

   //--- what was added is to be sent; false: no memory, and none of it will be
   bool              CloseBatch(void)
     {
      long tickets[];
      long nothing[];
      int order[];
      bool room=true;
      m_sent=0;
      ArrayFree(m_out);
      if(m_batched>0)
        {
         room=(ArrayResize(tickets,m_batched)==m_batched && ArrayResize(nothing,m_batched)==m_batched && ArrayResize(m_out,m_batched)==m_batched);
         for(int i=0; room && i<m_batched; i++)
           {
            tickets[i]=m_batch[i].deal.ticket;
            nothing[i]=0;
           }
         room=(room && CKeyOrder::Sort(tickets,nothing,m_batched,order));
         for(int i=0; room && i<m_batched; i++)
            m_out[i]=m_batch[order[i]];
         if(!room)
            ArrayFree(m_out);
        }
      ArrayFree(m_batch);
      m_batched=0;
      return(room);
     }

   //--- sends lines as long as there is room; true: some were sent
   bool              Send(CContext &c,CSession &session,CAttribution &attribution,CSymbolBook &symbols,CLevelTable &told,const ulong now)
     {
      int lines=0;
      int total=ArraySize(m_out);
      while(m_sent<total && lines<DEALS_LINES_A_TICK && session.HasRoom() && !IsStopped())
        {
         if(!SendOne(c,session,attribution,symbols,told,m_out[m_sent],now))
            break;
         m_sent++;
         lines++;
        }
      if(m_sent>=total && total>0)
        {
         ArrayFree(m_out);
         m_sent=0;
        }
      return(lines>0);
     }

private:
   //--- false: not now
   bool              SendOne(CContext &c,CSession &session,const CAttribution &attribution,CSymbolBook &symbols,CLevelTable &told,const SOutDeal &out,const ulong now)
     {
      CJsonWriter writer;
      if(out.deal.canceled)
        {
         session.BeginLine(writer,"deal-void");
         writer.Number("ticket",out.deal.ticket);
         m_voided=true;
         return(session.EndLine(writer,true));
        }
      string fields="";
      if(!symbols.IsDescribed(out.deal.symbol))
        {
         if(!CSymbolBook::Facts(out.deal.symbol,fields))
            return(WaitForFacts(c,out.deal,now));
         if(!symbols.Say(session,out.deal.symbol,fields))
            return(false);
        }
      m_facts_since=0;
      long long_lots=0;
      long short_lots=0;
      attribution.LevelOf(out.stream,out.deal.symbol,long_lots,short_lots);
      session.BeginLine(writer,"deal");
      writer.Number("magic",out.stream);
      writer.Number("dealMagic",out.deal.magic);
      writer.Number("ticket",out.deal.ticket);
      writer.Number("order",AtLeastZero(out.deal.order));
      writer.Number("position",AtLeastZero(out.deal.position));
      writer.Text("symbol",out.deal.symbol,64);
      writer.Text("side",out.deal.SideWord(),8);
      writer.Text("entry",out.deal.EntryWord(),8);
      writer.Volume("lots",out.deal.lots);
      writer.Amount("price",out.deal.price);
      writer.Number("timeMsc",AtLeastZero(out.deal.time_msc));
      writer.Number("utcMsc",CServerClock::Utc(out.deal.time_msc));
      writer.Text("reason",out.deal.ReasonWord(),16);
      writer.Amount("commission",out.deal.commission);
      writer.Text("comment",out.deal.comment,256);
      writer.Volume("long",long_lots);
      writer.Volume("short",short_lots);
      if(!session.EndLine(writer,true))
         return(false);
      told.Put(out.deal.symbol,out.stream,long_lots,short_lots);
      return(true);
     }

   //--- a symbol that the terminal no longer knows holds up its deals for a moment only: what is held is for the snapshot to tell
   bool              WaitForFacts(CContext &c,const SDeal &deal,const ulong now)
     {
      if(m_facts_since==0)
         m_facts_since=now;
      if(now-m_facts_since<DEALS_FACTS_MS)
         return(false);
      c.log.Warning("The terminal does not know symbol "+deal.symbol+" of deal #"+IntegerToString(deal.ticket)+": the deal is not reported");
      return(true);
     }

   static long       AtLeastZero(const long value)
     {
      if(value<0)
         return(0);
      return(value);
     }
  };

#endif
