//+------------------------------------------------------------------+
//| Feed.mqh                                                         |
//| The one entry to the feed: the timer drives it, events only      |
//| leave marks. Terminal believed → connected → logged in →         |
//| synchronised → live; any end begins anew after a while.          |
//+------------------------------------------------------------------+
#ifndef CSMC_FEED_MQH
#define CSMC_FEED_MQH

#include "Backoff.mqh"
#include "Context.mqh"
#include "Follower.mqh"
#include "Session.mqh"
#include "TerminalGate.mqh"

#define FEED_LEAVE_MS      400
#define FEED_PROBLEM_HEAD  48

class CFeed
  {
private:
   CTerminalGate     m_gate;
   CSession          m_session;
   CFollower         m_follower;
   CBackoff          m_backoff;
   CAccountFacts     m_account;         // of the session and of what the follower knows
   bool              m_ended;           // no connection is made any more
   bool              m_remove;
   bool              m_was_connected;
   string            m_last_problem;

public:
                     CFeed(void) { Reset(); }

   //--- opens nothing; may be called again without a reload
   bool              Begin(CContext &c)
     {
      Reset();
      m_follower.Begin(c.settings,false);
      c.panel.ClearConnectors();
      c.panel.SetLine("Starting",false);
      return(true);
     }

   void              OnTimer(CContext &c)
     {
      if(m_ended)
         return;
      ulong now=GetTickCount64();
      m_gate.Poll(c,now);
      WatchAccount(c);
      if(m_session.Phase()==SESSION_CLOSED)
        {
         if(!m_gate.IsOpen())
            c.panel.SetLine(m_gate.Reason(),false);
         else
            if(m_backoff.IsDue(now))
               Connect(c);
        }
      if(m_session.Phase()!=SESSION_CLOSED)
         Work(c,GetTickCount64());
      if(m_session.Phase()==SESSION_CLOSED && m_session.EndKind()!=SESSION_END_NONE)
         TakeEnd(c,GetTickCount64());
     }

   //--- truth is read by the timer: an event may be lost, late or out of order
   void              MarkTransaction(const MqlTradeTransaction &t)
     {
      if(t.type!=TRADE_TRANSACTION_REQUEST)
         m_follower.Touch();
     }

   //--- a button; "" = all connectors; false = there is no session to send it in, and it is not sent later
   bool              RequestPause(CContext &c,const string connector,const bool resume)
     {
      if(m_session.Request(connector,resume))
         return(true);
      c.panel.SetError("Not connected to the host: the button had no effect");
      c.log.Warning("A button was pressed while there is no session with the host: it had no effect");
      return(false);
     }

   bool              WantsRemoval(void) const { return(m_remove); }

   void              End(CContext &c,const int reason)
     {
      m_session.Leave(ReasonText(reason),FEED_LEAVE_MS);
      m_session.Begin();
      m_follower.EndSession();
      m_ended=true;
     }

private:
   void              Reset(void)
     {
      m_gate.Begin();
      m_session.Begin();
      m_backoff.Reset();
      m_account.Clear();
      m_ended=false;
      m_remove=false;
      m_was_connected=false;
      m_last_problem="";
      MathSrand((int)(GetMicrosecondCount()&0x7FFFFFFF));
     }

   //--- the terminal shows another account: what the old one holds is not known from here
   void              WatchAccount(CContext &c)
     {
      CAccountFacts shown;
      m_gate.Account(shown);
      if(m_account.login==0 || !shown.IsKnown() || shown.IsSame(m_account))
         return;
      c.log.Warning("The terminal changed from account "+m_account.Name()+" to "+shown.Name());
      m_session.Leave("account-changed",FEED_LEAVE_MS);
      m_session.Begin();
      m_follower.EndSession();
      m_account.Clear();
      m_backoff.Reset();
      c.panel.ClearConnectors();
     }

   void              Connect(CContext &c)
     {
      if(m_account.login==0)
        {
         m_gate.Account(m_account);
         m_follower.Begin(c.settings,m_account.IsHedging());
        }
      m_was_connected=false;
      c.panel.SetLine("Connecting to "+Address(c),false);
      m_follower.EndSession();
      m_session.Connect(c);
     }

   void              Work(CContext &c,const ulong now)
     {
      m_session.Receive(c,m_account,now);
      if(m_session.IsOpen() && !m_was_connected)
        {
         m_was_connected=true;
         //--- rows may have come with the login: they are cleared when a session ends
         c.log.Information("Logged in at "+Address(c));
        }
      if(m_session.IsOpen() && m_gate.IsOpen())
         m_follower.Follow(c,m_session,m_gate,now);
      m_session.KeepAlive(now);
      m_session.Flush(now);
      if(m_session.IsOpen())
         ShowState(c);
     }

   void              ShowState(CContext &c)
     {
      if(!m_gate.IsOpen())
        {
         c.panel.SetLine(m_gate.Reason(),false);
         return;
        }
      if(StringLen(m_follower.Waits())>0)
        {
         c.panel.SetLine(m_follower.Waits(),false);
         return;
        }
      if(m_follower.IsLive())
        {
         //--- only a session that came this far proves that the way is free
         m_backoff.Forget();
         m_last_problem="";
         c.panel.SetLine("Connected to "+Address(c),true);
         return;
        }
      c.panel.SetLine("Connected to "+Address(c)+", synchronising",false);
     }

   void              TakeEnd(CContext &c,const ulong now)
     {
      ENUM_SESSION_END kind=m_session.EndKind();
      string text=m_session.EndText();
      m_session.Begin();
      m_follower.EndSession();
      c.panel.ClearConnectors();
      if(kind==SESSION_END_STOPPED)
        {
         Stop(c,"The host stopped the feed: "+text,true);
         return;
        }
      if(kind==SESSION_END_FINAL)
        {
         Stop(c,text,true);
         return;
        }
      if(kind==SESSION_END_REPLACED)
        {
         Stop(c,"Replaced: "+text+". This Expert Advisor does not reconnect; attach it again to take the session back",false);
         return;
        }
      ulong wait=m_backoff.Fail(now);
      //--- the same problem is told once, not at every attempt; seconds to wait stand at the end of a text
      string problem=StringSubstr(text,0,FEED_PROBLEM_HEAD);
      if(problem!=m_last_problem)
        {
         m_last_problem=problem;
         if(kind==SESSION_END_REFUSED)
            c.log.Error(text);
         else
            c.log.Warning(text);
        }
      c.panel.SetError(text);
      c.panel.SetLine("Not connected; next attempt in "+IntegerToString((long)((wait+999)/1000))+" s",false);
     }

   void              Stop(CContext &c,const string text,const bool remove)
     {
      m_ended=true;
      m_remove=remove;
      c.log.Error(text);
      c.panel.SetError(text);
      c.panel.SetLine(text,false);
     }

   static string     Address(const CContext &c) { return(c.settings.Host+":"+IntegerToString((long)c.settings.Port)); }

   static string     ReasonText(const int reason)
     {
      switch(reason)
        {
         case REASON_PROGRAM:
            return("the Expert Advisor ended itself");
         case REASON_REMOVE:
            return("the Expert Advisor was removed from the chart");
         case REASON_RECOMPILE:
            return("the Expert Advisor was compiled anew");
         case REASON_CHARTCHANGE:
            return("the chart's symbol or period changed");
         case REASON_CHARTCLOSE:
            return("the chart was closed");
         case REASON_PARAMETERS:
            return("the inputs were changed");
         case REASON_ACCOUNT:
            return("the terminal connected to an account");
         case REASON_TEMPLATE:
            return("another template was applied");
         case REASON_CLOSE:
            return("the terminal is closing");
        }
      return("the Expert Advisor ended");
     }
  };

#endif
