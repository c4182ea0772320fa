//+------------------------------------------------------------------+
//| TerminalGate.mqh                                                 |
//| Says whether the terminal's own data may be believed. Connected  |
//| is not synchronised: an empty list of positions in a half-loaded |
//| terminal does not mean that the account is flat.                 |
//+------------------------------------------------------------------+
#ifndef CSMC_TERMINAL_GATE_MQH
#define CSMC_TERMINAL_GATE_MQH

#include "AccountFacts.mqh"
#include "Context.mqh"
#include "HistoryReader.mqh"
#include "PositionReader.mqh"

#define GATE_POLL_MS        250
#define GATE_STABLE_MS      2000
//--- an account without any deal and position is believed only after a longer time
#define GATE_EMPTY_MS       5000
//--- history and positions contradict each other: so long the terminal gets to agree with itself
#define GATE_UNKNOWN_MS     15000
#define GATE_MISSING_MS     60000
//--- an account that trades all the time is never still: full agreement is enough then
#define GATE_BUSY_MS        30000
#define GATE_CHECK_MS       1000
#define GATE_WARN_MS        60000

class CTerminalGate
  {
private:
   CAccountFacts     m_account;
   CPositionReader   m_positions;
   SHistoryMark      m_mark;
   ulong             m_print;
   bool              m_readable;
   bool              m_open;
   ulong             m_polled;
   ulong             m_restarted;
   ulong             m_changed;
   ulong             m_checked;
   ulong             m_warned;
   ulong             m_openings;
   string            m_reason;

public:
                     CTerminalGate(void) { Begin(); }

   void              Begin(void)
     {
      m_account.Clear();
      m_openings=0;
      Restart(0);
      m_warned=0;
     }

   //--- nothing is believed until the data were stable and agreed once more
   void              Restart(const ulong now)
     {
      m_open=false;
      m_readable=false;
      m_polled=0;
      m_restarted=now;
      m_changed=now;
      m_checked=0;
      m_print=0;
      m_mark.total=-1;
      m_mark.newest=-1;
      m_reason="The terminal is synchronising";
     }

   bool              IsOpen(void) const { return(m_open); }

   //--- how often it opened: levels that were believed before have to be looked at again
   ulong             Openings(void) const { return(m_openings); }

   //--- for the panel, while it is closed
   string            Reason(void) const { return(m_reason); }

   //--- the account that the data belong to
   void              Account(CAccountFacts &account) const { account=m_account; }

   //--- the terminal shows it at this moment too
   bool              IsSameAccount(void) const
     {
      CAccountFacts shown;
      shown.Read();
      return(shown.IsSame(m_account));
     }

   void              Poll(CContext &c,const ulong now)
     {
      CAccountFacts account;
      account.Read();
      if(TerminalInfoInteger(TERMINAL_CONNECTED)==0 || !account.IsKnown())
        {
         Restart(now);
         m_reason="The terminal is not connected to its trade server";
         return;
        }
      if(!account.IsSame(m_account))
        {
         Restart(now);
         m_account=account;
        }
      if(m_open || (m_polled!=0 && now-m_polled<GATE_POLL_MS))
         return;
      m_polled=now;
      Watch(now);
      bool stable=(now-m_changed>=GATE_STABLE_MS);
      if(!m_readable || (!stable && now-m_restarted<GATE_BUSY_MS) || (m_checked!=0 && now-m_checked<GATE_CHECK_MS))
         return;
      m_checked=now;
      if(!IsBelievable(c,now))
         return;
      m_account=account;
      m_open=true;
      m_openings++;
     }

private:
   //--- moves once an hour: deals that leave the window are no change
   static long       WindowStart(void)
     {
      long hour=3600000;
      return(CServerClock::NowMsc()/hour*hour-CLOCK_DAY_MSC);
     }

   void              Watch(const ulong now)
     {
      SHistoryMark mark;
      m_readable=(m_positions.Read() && CHistoryReader::Mark(WindowStart(),mark));
      if(m_readable && mark.IsSame(m_mark) && m_positions.Fingerprint()==m_print)
         return;
      m_mark=mark;
      m_print=m_positions.Fingerprint();
      m_changed=now;
     }

   //--- the whole history and the list of positions tell of the same positions
   bool              IsBelievable(CContext &c,const ulong now)
     {
      long open[];
      int deals=CHistoryReader::OpenPositions(m_account.IsHedging(),open);
      if(deals<0)
         return(false);
      ulong stable=now-m_changed;
      int listed=m_positions.Total();
      if(deals==0 && listed==0)
        {
         //--- money came by a deal: an account with money and without deals is one that is not loaded
         if(AccountInfoDouble(ACCOUNT_BALANCE)!=0.0 || AccountInfoDouble(ACCOUNT_CREDIT)!=0.0)
            return(stable>=GATE_MISSING_MS);
         return(stable>=GATE_EMPTY_MS);
        }
      long missing[];
      int missed=0;
      int found=0;
      int opened=ArraySize(open);
      for(int i=0; i<opened; i++)
        {
         if(m_positions.HasId(open[i]))
            found++;
         else
            if(!c.settings.IsRemoved(open[i]))
              {
               if(ArrayResize(missing,missed+1,64)!=missed+1)
                  return(false);
               missing[missed]=open[i];
               missed++;
              }
        }
      bool unknown=(found<listed);
      if(missed==0 && !unknown)
         return(true);
      if(missed==0)
        {
         if(stable<GATE_UNKNOWN_MS)
            return(false);
         c.log.Warning("The terminal's history does not go back to the opening of every position: such a position counts for the magic ID that the terminal names for it");
         return(true);
        }
      if(stable<GATE_MISSING_MS)
         return(false);
      string text="By the terminal's history "+IntegerToString(missed)+" position(s) are open that it does not list: "+CPlainText::Tickets(missing);
      if(listed>0 || !m_account.IsHedging())
        {
         //--- on netting accounts levels come from deals, so that no list can make a stream flat
         c.log.Warning(text+"; the list is believed");
         return(true);
        }
      //--- nothing at all listed: that is how a half-loaded terminal looks
      m_reason="The terminal lists no position, but its history says that some are open";
      if(m_warned==0 || now-m_warned>=GATE_WARN_MS)
        {
         m_warned=now;
         c.log.Warning(text+"; and it lists none at all: nothing is sent until it does. If the broker removed them, enter these numbers in the input \""
                       +CSMC_REMOVED_LABEL+"\"");
        }
      return(false);
     }
  };

#endif
