//+------------------------------------------------------------------+
//| DealFeed.mqh                                                     |
//| Follows the terminal's history. Read: a window of it, what is    |
//| new there. Attribute: in order of time. What is not sent yet is  |
//| in the history, so nothing can be lost here.                     |
//+------------------------------------------------------------------+
#ifndef CSMC_DEAL_FEED_MQH
#define CSMC_DEAL_FEED_MQH

#include "Attribution.mqh"
#include "DealLines.mqh"
#include "DealMemory.mqh"
#include "HistoryReader.mqh"
#include "Session.mqh"
#include "SymbolBook.mqh"

#define DEALS_OVERLAP_MSC     CLOCK_DAY_MSC
#define DEALS_PRUNE_MSC       3600000
#define DEALS_POLL_MS         1000
#define DEALS_THOROUGH_MS     15000
#define DEALS_AGAIN_MS        250
#define DEALS_OWNER_MS        10000
#define DEALS_BUDGET_US       20000

class CDealFeed
  {
private:
   CDealMemory       m_memory;
   SResumePoint      m_since[];      // by stream: deals from this time on are sent, time_msc
   SHistoryMark      m_mark;
   long              m_mark_from;
   SDeal             m_found[];      // read, not attributed yet, from m_next on
   int               m_next;
   bool              m_all;          // this reading is a synchronisation
   bool              m_wanted_all;
   CDealLines        m_lines;        // attributed, not sent yet
   long              m_floor;        // what is older was taken before the memory begins
   long              m_sync_from;
   long              m_newest_time;
   long              m_newest_ticket;
   bool              m_dirty;
   bool              m_again;        // something could not be read or attributed yet
   bool              m_snapshot;     // a level changed that no line tells
   ulong             m_polled;
   ulong             m_scanned;
   ulong             m_pending_since;
   bool              m_started;

public:
                     CDealFeed(void) { Begin(); }

   //--- another account: nothing is known of its deals
   void              Begin(void)
     {
      m_memory.Clear();
      ArrayFree(m_since);
      m_mark.total=-1;
      m_mark.newest=-1;
      m_mark_from=-1;
      m_floor=0;
      m_sync_from=0;
      m_newest_time=0;
      m_newest_ticket=0;
      m_started=false;
      StopSending();
     }

   //--- the session is gone: what it has not sent is read again in the next
   void              StopSending(void)
     {
      ArrayFree(m_found);
      m_lines.Clear();
      m_next=0;
      m_all=false;
      m_wanted_all=true;
      m_dirty=true;
      m_again=false;
      m_snapshot=false;
      m_polled=0;
      m_scanned=0;
      m_pending_since=0;
     }

   void              Touch(void) { m_dirty=true; }

   long              NewestTicket(void) const { return(m_newest_ticket); }
   long              NewestTime(void) const { return(m_newest_time); }

   //--- all that was read is attributed and sent
   bool              IsIdle(void) const { return(!m_wanted_all && m_next>=ArraySize(m_found) && m_lines.IsIdle()); }

   bool              IsAttributing(void) const { return(m_next<ArraySize(m_found)); }

   //--- once: a snapshot has to follow
   bool              TakeSnapshotWish(void)
     {
      bool wish=(m_lines.TakeVoided() || m_snapshot);
      m_snapshot=false;
      return(wish);
     }

   //--- a new session: from where on the host wants the deals of each stream, at first contact from a day back
   bool              BeginSession(const CSettings &settings,const CSession &session,CAttribution &attribution,CContext &c)
     {
      long now=CServerClock::NowMsc();
      int total=settings.MagicsTotal();
      if(ArrayResize(m_since,total)!=total)
         return(false);
      m_sync_from=now-DEALS_OVERLAP_MSC;
      //--- A stream that the host knows no deal of: from a day back, or from where the host heard of any other last.
      SResumePoint point;
      long heard=0;
      for(int k=0; session.ResumeAt(k,point); k++)
         if(point.deal>0 && point.time_msc>heard)
            heard=point.time_msc;
      long first=now-DEALS_OVERLAP_MSC;
      if(heard>0 && heard<now)
         first=heard-DEALS_OVERLAP_MSC;
      //--- no session for days: there is no hole in what was followed before and what is read now
      if(m_started && m_floor<first)
         first=m_floor;
      if(m_started && m_floor<m_sync_from)
         m_sync_from=m_floor;
      for(int i=0; i<total; i++)
        {
         m_since[i].magic=settings.MagicAt(i);
         m_since[i].deal=0;
         m_since[i].time_msc=first;
         for(int k=0; session.ResumeAt(k,point); k++)
            if(point.magic==m_since[i].magic && point.deal>0)
              {
               m_since[i].deal=point.deal;
               m_since[i].time_msc=point.time_msc-DEALS_OVERLAP_MSC;
              }
         if(m_since[i].time_msc<m_sync_from)
            m_sync_from=m_since[i].time_msc;
        }
      if(!attribution.IsReady())
        {
         //--- all deals above the ledger's newest have to be applied, however old they are
         long ledger=CHistoryReader::TimeOf(session.LedgerDeal());
         if(session.LedgerDeal()>0 && ledger-DEALS_OVERLAP_MSC<m_sync_from)
            m_sync_from=ledger-DEALS_OVERLAP_MSC;
        }
      //--- where the computer's clock is wrong, "a day back" may lie ahead of all deals to come; no deal to come is older than the newest
      if(!m_started)
         m_sync_from=MathMin(m_sync_from,CHistoryReader::NewestTime());
      m_sync_from=WholeSecond(m_sync_from);
      if(!attribution.IsReady())
        {
         long newest=LargestTicket();
         if(newest<0 || !attribution.TakeBase(c,session,newest,m_memory))
            return(false);
         //--- what was dealt meanwhile may be in the ledger and would be applied once more
         if(LargestTicket()!=newest)
           {
            attribution.DropBase();
            return(false);
           }
        }
      if(!m_started)
        {
         m_started=true;
         m_floor=m_sync_from;
        }
      StopSending();
      return(true);
     }

   //--- reads when something may have changed; false: nothing was to do
   bool              Read(const ulong now)
     {
      if(m_next<ArraySize(m_found) || !m_lines.IsIdle())
         return(true);
      if(!IsDue(now))
         return(false);
      m_polled=now;
      bool thorough=(m_dirty || m_wanted_all || m_again || now-m_scanned>=DEALS_THOROUGH_MS);
      long from=m_floor;
      if(m_wanted_all)
         from=m_sync_from;
      SHistoryMark mark;
      if(!CHistoryReader::Mark(from,mark))
         return(true);
      if(!thorough && from==m_mark_from && mark.IsSame(m_mark))
         return(false);
      m_mark=mark;
      m_mark_from=from;
      m_scanned=now;
      m_dirty=false;
      m_all=m_wanted_all;
      bool whole=CHistoryReader::Read(from,m_memory,m_all,m_found);
      m_again=!whole;
      //--- a synchronisation that is not whole is made once more, and what was not read is no ground for a snapshot
      if(whole)
         m_wanted_all=false;
      else
         m_mark.total=-1;
      m_next=0;
      return(true);
     }

   //--- attributes for a bounded time; the lines are in order when all is done
   void              Attribute(CContext &c,CAttribution &attribution,const ulong now)
     {
      int total=ArraySize(m_found);
      if(total==0 || m_next>=total)
         return;
      ulong start=GetMicrosecondCount();
      bool pending=false;
      while(m_next<total && GetMicrosecondCount()-start<DEALS_BUDGET_US && !IsStopped())
        {
         if(!AttributeOne(c,attribution,m_found[m_next],now))
            pending=true;
         m_next++;
        }
      if(pending)
        {
         m_again=true;
         if(m_pending_since==0)
            m_pending_since=now;
        }
      if(m_next<total)
         return;
      if(!m_again)
         m_pending_since=0;
      if(!m_again)
         attribution.SetCaughtUp();
      TakeRenamed(attribution);
      attribution.ForgetReplays();
      if(!m_lines.CloseBatch())
         m_wanted_all=true;
      ArrayFree(m_found);
      m_next=0;
      Prune();
     }

   //--- sends lines as long as there is room; true: some were sent
   bool              Send(CContext &c,CSession &session,CAttribution &attribution,CSymbolBook &symbols,CLevelTable &told,const ulong now)
     {
      return(m_lines.Send(c,session,attribution,symbols,told,now));
     }

   //--- nothing happened in the history since it was read
   bool              IsCurrent(void) const
     {
      SHistoryMark mark;
      return(m_mark_from>=0 && CHistoryReader::Mark(m_mark_from,mark) && mark.IsSame(m_mark));
     }

private:
   bool              IsDue(const ulong now) const
     {
      if(m_polled==0 || m_wanted_all)
         return(true);
      if(m_dirty || m_again)
         return(now-m_polled>=DEALS_AGAIN_MS || !m_again);
      return(now-m_polled>=DEALS_POLL_MS);
     }

   static long       WholeSecond(const long time_msc)
     {
      if(time_msc<0)
         return(0);
      return(time_msc/1000*1000);
     }

   //--- of the window; -1 = it could not be read
   long              LargestTicket(void) const
     {
      SDeal deals[];
      long largest=0;
      if(!CHistoryReader::Read(m_sync_from,m_memory,true,deals))
         return(-1);
      int total=ArraySize(deals);
      for(int i=0; i<total; i++)
         if(deals[i].ticket>largest)
            largest=deals[i].ticket;
      return(largest);
     }

   //--- false: has to be looked at again
   bool              AttributeOne(CContext &c,CAttribution &attribution,const SDeal &deal,const ulong now)
     {
      if(deal.ticket>m_newest_ticket)
         m_newest_ticket=deal.ticket;
      if(deal.time_msc>m_newest_time)
         m_newest_time=deal.time_msc;
      SKnownDeal known;
      if(m_memory.Find(deal.ticket,known))
        {
         if(deal.canceled && !known.canceled)
            Cancel(attribution,deal,known);
         else
            if(deal.canceled)
               Put(deal,FEED_NO_STREAM);
            else
               Put(deal,known.stream);
         return(true);
        }
      if(deal.canceled)
        {
         Put(deal,FEED_NO_STREAM);
         Remember(deal,FEED_NO_STREAM);
         return(true);
        }
      long stream=FEED_NO_STREAM;
      if(deal.time_msc<m_floor || attribution.IsInBase(deal))
        {
         if(!attribution.HistoricStream(deal,stream))
            return(false);
         Put(deal,stream);
         Remember(deal,stream);
         return(true);
        }
      SStreamChange changes[];
      if(!attribution.Apply(deal,stream,changes))
        {
         if(m_pending_since==0 || now-m_pending_since<DEALS_OWNER_MS)
            return(false);
         if(IsWanted(deal.magic))
            stream=deal.magic;
         c.log.Warning("The deal that opened position #"+IntegerToString(deal.position)+" is not in the terminal's history: deal #"
                       +IntegerToString(deal.ticket)+" counts for its own magic ID "+IntegerToString(deal.magic));
        }
      Remember(deal,stream);
      m_memory.PutChanges(deal.ticket,changes);
      int count=ArraySize(changes);
      if(count>1 || (stream==FEED_NO_STREAM && (count>0 || attribution.IsHedging())))
         m_snapshot=true;
      Put(deal,stream);
      return(true);
     }

   //--- a deal that became visible late may tell that others belong to another stream: what is not recorded yet is then sent
   void              TakeRenamed(const CAttribution &attribution)
     {
      SKnownDeal learnt;
      SKnownDeal known;
      for(int i=0; attribution.ReplayedAt(i,learnt); i++)
         if(m_memory.Find(learnt.ticket,known) && !known.canceled && known.stream!=learnt.stream)
           {
            m_memory.Put(known.ticket,known.time_msc,learnt.stream,known.canceled);
            m_wanted_all=true;
           }
     }

   void              Cancel(CAttribution &attribution,const SDeal &deal,const SKnownDeal &known)
     {
      SStreamChange changes[];
      m_memory.ChangesOf(deal.ticket,changes);
      attribution.Undo(deal,changes);
      m_memory.Put(deal.ticket,deal.time_msc,known.stream,true);
      Put(deal,FEED_NO_STREAM);
      m_snapshot=true;
     }

   void              Remember(const SDeal &deal,const long stream)
     {
      if(deal.time_msc>=m_floor)
         m_memory.Put(deal.ticket,deal.time_msc,stream,deal.canceled);
     }

   bool              IsWanted(const long stream) const
     {
      int total=ArraySize(m_since);
      for(int i=0; i<total; i++)
         if(m_since[i].magic==stream)
            return(true);
      return(false);
     }

   //--- a synchronisation sends what is not older than the stream's day before its cursor
   bool              IsToBeSent(const SDeal &deal,const long stream) const
     {
      if(deal.lots<=0)
         return(false);
      if(deal.canceled || !m_all)
         return(deal.canceled || IsWanted(stream));
      int total=ArraySize(m_since);
      for(int i=0; i<total; i++)
         if(m_since[i].magic==stream)
            return(deal.time_msc>=m_since[i].time_msc);
      return(false);
     }

   void              Put(const SDeal &deal,const long stream)
     {
      if(!IsToBeSent(deal,stream))
         return;
      if(!m_lines.Add(deal,stream))
         m_wanted_all=true;
     }

   //--- the window that is followed begins a day before the newest deal
   void              Prune(void)
     {
      if(m_again || m_wanted_all || m_newest_time==0)
         return;
      long from=WholeSecond(m_newest_time-DEALS_OVERLAP_MSC);
      if(from<m_floor+DEALS_PRUNE_MSC)
         return;
      m_floor=from;
      m_memory.DropBefore(from);
      m_polled=0;
     }
  };

#endif
