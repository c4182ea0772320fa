//+------------------------------------------------------------------+
//| Follower.mqh                                                     |
//| Keeps the host's picture of one account true: deals, then a      |
//| snapshot, then what happens. Level-triggered: whatever an event  |
//| said or failed to say, the terminal's data decide.               |
//+------------------------------------------------------------------+
#ifndef CSMC_FOLLOWER_MQH
#define CSMC_FOLLOWER_MQH

#include "Attribution.mqh"
#include "DealFeed.mqh"
#include "Session.mqh"
#include "Snapshot.mqh"
#include "SymbolBook.mqh"
#include "TerminalGate.mqh"

#define FOLLOW_SNAPSHOT_MS   30000
#define FOLLOW_ACCOUNT_MS    30000
#define FOLLOW_POSITIONS_MS  500
//--- deals and positions become visible one after the other: so long they may differ
#define FOLLOW_DIFFER_MS     3000
#define FOLLOW_DISAGREE_MS   10000
#define FOLLOW_CURSOR_MS     60000
#define FOLLOW_GONE_MS       60000
//--- seven days
#define FOLLOW_OLD_MSC       604800000

class CFollower
  {
private:
   CAttribution      m_attribution;
   CDealFeed         m_deals;
   CSnapshot         m_snapshot;
   CSymbolBook       m_symbols;
   CLevelTable       m_told;            // hedging: the levels that the host heard last
   bool              m_begun;           // the session's way is known
   bool              m_live;            // deals and a first snapshot are sent
   bool              m_wanted;          // a snapshot, now
   bool              m_moved;           // positions may have changed
   bool              m_agreed;          // the list that was read last may be used
   bool              m_reopened;        // the gate was asked to look because the list did not agree
   ulong             m_noticed;         // openings of the gate, as of the last step
   ulong             m_snapped;
   ulong             m_accounted;
   ulong             m_looked;
   ulong             m_differ_since;
   ulong             m_gone_warned;
   ulong             m_unbalanced_since;
   ulong             m_cursor_since;
   ulong             m_cursor_warned;
   string            m_waits;

public:
                     CFollower(void)
     {
      m_noticed=0;
      EndSession();
     }

   //--- another account
   void              Begin(const CSettings &settings,const bool hedging)
     {
      m_attribution.Begin(settings,hedging);
      m_deals.Begin();
      m_snapshot.Begin();
      EndSession();
     }

   //--- also before a session's first step
   void              EndSession(void)
     {
      m_deals.StopSending();
      m_symbols.Clear();
      m_told.Clear();
      m_begun=false;
      m_live=false;
      m_wanted=true;
      m_moved=true;
      m_snapped=0;
      m_accounted=0;
      m_looked=0;
      m_agreed=false;
      m_reopened=false;
      m_differ_since=0;
      m_gone_warned=0;
      m_unbalanced_since=0;
      m_cursor_since=0;
      m_cursor_warned=0;
      m_waits="";
     }

   bool              IsLive(void) const { return(m_live); }

   //--- "" = nothing special
   string            Waits(void) const { return(m_waits); }

   //--- something happened on the account
   void              Touch(void)
     {
      m_deals.Touch();
      m_moved=true;
     }

   void              Follow(CContext &c,CSession &session,CTerminalGate &gate,const ulong now)
     {
      if(gate.Openings()!=m_noticed)
        {
         m_noticed=gate.Openings();
         Touch();
         m_wanted=true;
        }
      if(!m_begun)
        {
         if(!IsCursorVisible(c,session,now) || !m_deals.BeginSession(c.settings,session,m_attribution,c))
            return;
         m_begun=true;
        }
      m_waits="";
      if(session.TakeSymbolsWanted())
         m_symbols.Clear();
      if(m_deals.Read(now))
        {
         m_moved=true;
         m_deals.Attribute(c,m_attribution,now);
        }
      Look(c,gate,now);
      //--- the terminal does not wait for a handler: what was read may be another account's
      if(!gate.IsOpen() || !gate.IsSameAccount())
         return;
      if(m_agreed)
         m_deals.Send(c,session,m_attribution,m_symbols,m_told,now);
      if(m_deals.TakeSnapshotWish())
         m_wanted=true;
      if(session.IsOpen() && IsSnapshotDue(session,now))
         TakeSnapshot(c,session,gate,now);
      if(session.IsOpen() && m_live && (m_accounted==0 || now-m_accounted>=FOLLOW_ACCOUNT_MS))
         SendAccount(session,now);
     }

private:
   bool              IsSnapshotDue(const CSession &session,const ulong now) const
     {
      return(m_wanted || session.SnapshotWanted() || now-m_snapped>=FOLLOW_SNAPSHOT_MS);
     }

   //--- Is the history as new as what the host has already recorded? An old copy of it is no ground to call anything flat.
   bool              IsCursorVisible(CContext &c,const CSession &session,const ulong now)
     {
      SResumePoint point;
      long missing=0;
      for(int i=0; session.ResumeAt(i,point) && missing==0; i++)
         if(point.deal>0 && CHistoryReader::TimeOf(point.deal)==0 && !IsShortened(point) && !c.settings.IsRemoved(point.deal))
            missing=point.deal;
      if(missing==0)
         return(true);
      if(m_cursor_since==0)
         m_cursor_since=now;
      m_waits="The terminal's history does not yet have deal #"+IntegerToString(missing)+", which the host has";
      if(now-m_cursor_since<FOLLOW_CURSOR_MS)
         return(false);
      bool believed=(!m_attribution.IsHedging() || PositionsTotal()>0);
      if(m_cursor_warned==0 || now-m_cursor_warned>=FOLLOW_CURSOR_MS)
        {
         m_cursor_warned=now;
         if(believed)
            c.log.Warning(m_waits+": its history seems to be shortened, going on with the positions that it lists");
         else
            c.log.Warning(m_waits+", and it lists no position: nothing is sent until it does. If the broker shortened the history, enter this number in the input \""
                          +CSMC_REMOVED_LABEL+"\"");
        }
      return(believed);
     }

   //--- brokers cut off what is old: such a deal is not missed when there are newer ones
   static bool       IsShortened(const SResumePoint &point)
     {
      return(CServerClock::NowMsc()-point.time_msc>FOLLOW_OLD_MSC && CHistoryReader::HasSince(point.time_msc+1));
     }

   //--- Hedging: levels come from the list alone. What it says and no line told needs a snapshot.
   void              Look(CContext &c,CTerminalGate &gate,const ulong now)
     {
      //--- owners are known once all deals are attributed
      if(m_deals.IsAttributing())
        {
         m_agreed=false;
         return;
        }
      if(!m_moved && m_agreed && now-m_looked<FOLLOW_POSITIONS_MS)
         return;
      m_agreed=(m_attribution.ReadPositions() && IsAgreed(c,gate,now));
      m_looked=now;
      m_moved=!m_agreed;
      if(!m_agreed || !m_live || !m_attribution.IsHedging() || !m_deals.IsIdle())
         return;
      CLevelTable levels;
      m_attribution.Levels(levels);
      if(!levels.IsSame(m_told))
         m_wanted=true;
     }

   void              TakeSnapshot(CContext &c,CSession &session,CTerminalGate &gate,const ulong now)
     {
      if(!m_deals.IsIdle() || !session.HasRoom())
         return;
      if(!m_deals.IsCurrent())
        {
         m_deals.Touch();
         return;
        }
      if(!m_attribution.ReadPositions() || !IsAgreed(c,gate,now) || !IsBalanced(c,now))
         return;
      if(!m_snapshot.Send(c,session,gate,m_attribution,m_symbols,m_deals,m_told,now))
         return;
      m_wanted=false;
      session.SetSnapshotTaken();
      m_snapped=now;
      if(!m_live)
        {
         m_live=true;
         c.log.Information("The host knows all positions of this account");
        }
     }

   //--- Hedging: a position that is gone without a deal. The terminal may be loading anew: first the gate looks, then the list gets time;
   //--- a list with nothing in it is not believed at all.
   bool              IsAgreed(CContext &c,CTerminalGate &gate,const ulong now)
     {
      if(!m_attribution.IsHedging() || m_attribution.Agrees(c.settings))
        {
         m_differ_since=0;
         m_reopened=false;
         return(true);
        }
      if(m_differ_since==0)
         m_differ_since=now;
      ulong differs=now-m_differ_since;
      if(!m_reopened && differs>=FOLLOW_DIFFER_MS)
        {
         m_reopened=true;
         gate.Restart(now);
         return(false);
        }
      if(differs<FOLLOW_GONE_MS)
         return(false);
      if(m_attribution.ListedPositions()>0)
        {
         c.log.Warning("Positions are gone from the terminal's list without a deal: the list is believed");
         m_attribution.Believe(c);
         m_differ_since=0;
         m_reopened=false;
         return(true);
        }
      m_waits="The terminal lists no position, but no deal closed those that were open";
      if(m_gone_warned==0 || now-m_gone_warned>=FOLLOW_GONE_MS)
        {
         m_gone_warned=now;
         long gone[];
         m_attribution.Gone(gone);
         c.log.Warning(m_waits+" ("+CPlainText::Tickets(gone)+"): nothing is sent until it lists one or the deals appear. If the broker removed them, enter these"
                       +" numbers in the input \""+CSMC_REMOVED_LABEL+"\"");
        }
      return(false);
     }

   //--- Netting: what the account holds is what its deals made, or the difference belongs to no stream. Positions and deals become visible
   //--- one after the other, so they get some time.
   bool              IsBalanced(CContext &c,const ulong now)
     {
      if(m_attribution.IsHedging())
         return(true);
      if(m_attribution.Agrees(c.settings))
        {
         m_unbalanced_since=0;
         return(true);
        }
      if(m_unbalanced_since==0)
         m_unbalanced_since=now;
      ulong patience=FOLLOW_DISAGREE_MS;
      if(m_live)
         patience=FOLLOW_DIFFER_MS;
      if(now-m_unbalanced_since<patience)
         return(false);
      m_unbalanced_since=0;
      m_attribution.Believe(c);
      return(true);
     }

   void              SendAccount(CSession &session,const ulong now)
     {
      if(!session.HasRoom())
         return;
      CJsonWriter writer;
      session.BeginLine(writer,"account");
      writer.Amount("balance",AccountInfoDouble(ACCOUNT_BALANCE));
      writer.Amount("equity",AccountInfoDouble(ACCOUNT_EQUITY));
      writer.Amount("marginFree",AccountInfoDouble(ACCOUNT_MARGIN_FREE));
      session.EndLine(writer,true);
      m_accounted=now;
     }
  };

#endif
