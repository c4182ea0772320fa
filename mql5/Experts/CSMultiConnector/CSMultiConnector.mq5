//+------------------------------------------------------------------+
//| CSMultiConnector.mq5                                             |
//| Tells the CSMultiConnector host what this terminal's Expert      |
//| Advisors trade. It trades nothing itself. Handlers only pass on: |
//| all work is done from the timer.                                 |
//+------------------------------------------------------------------+
#property copyright   "The CSMultiConnector authors. MIT license"
#property version     "1.00"
#property description "Streams the deals and positions of this account to the CSMultiConnector host,"
#property description "which keeps accounts at other venues in line with them."
#property description "Add the host's address under Tools, Options, Expert Advisors first."

#include <CSMultiConnector/Context.mqh>
#include <CSMultiConnector/Feed.mqh>
#include <CSMultiConnector/Panel.mqh>

#define CSMC_TIMER_MS   50

input group "Common"
input string SourceMagics="";                  // Source Expert Advisor magic IDs (comma separated)
input bool   StopOnCriticalError=false;        // Stop when a critical error occurs
input string HostAddress="127.0.0.1";          // Host address
input int    HostPort=5555;                    // Port
input bool   UseTls=false;                     // TLS
input string ClientId="";                      // Client id
input string ClientSecret="";                  // Client secret
input string RemovedTickets="";                // Positions and deals that the broker removed (comma separated)
input group "Logging"
input bool   ShowAlertOnError=true;            // Show alert if an error occurs
input bool   DuplicateToExpertLog=true;        // Duplicate log messages to the Expert Log
input bool   InformationToExpertLog=true;      // Print information messages to the Expert Log
input int    MaxLogMbytes=20;                  // Max. log file size (Mbytes)
input group "License"
input string LicenseKey="default";             // License key

CContext g_context;
CFeed    g_feed;
CPanel   g_panel;
bool     g_running=false;
bool     g_timer=false;

// May come again without a reload (another symbol, period or input): everything is set anew.
int OnInit()
  {
   g_running=false;
   g_timer=false;
   if(MQLInfoInteger(MQL_TESTER)!=0)
     {
      Print("CSMultiConnector does not run in the Strategy Tester: there is no network there and nothing to copy. Attach it to a chart.");
      return(INIT_FAILED);
     }
   string problem=g_context.settings.Check(SourceMagics,StopOnCriticalError,HostAddress,HostPort,UseTls,ClientId,ClientSecret,RemovedTickets,
                                           ShowAlertOnError,DuplicateToExpertLog,InformationToExpertLog,MaxLogMbytes,LicenseKey);
   if(StringLen(problem)>0)
     {
      Print("ERROR: "+problem);
      if(ShowAlertOnError)
         Alert("CSMultiConnector: "+problem);
      return(INIT_PARAMETERS_INCORRECT);
     }
   g_context.log.Open(g_context.settings);
   g_context.log.Information("CSMultiConnector "+CSMC_VERSION+" started; magics: "
                             +(StringLen(g_context.settings.Magics)==0 ? "trades made by hand" : g_context.settings.Magics)+".");
   g_context.panel.Reset();
   g_panel.Begin("CSMultiConnector "+CSMC_VERSION);
   if(!g_feed.Begin(g_context))
     {
      g_panel.End(REASON_INITFAILED);
      g_context.log.Close();
      return(INIT_FAILED);
     }
   g_running=true;
   KeepTimer();
   g_panel.Update(g_context.panel);
   return(INIT_SUCCEEDED);
  }

void OnDeinit(const int reason)
  {
   EventKillTimer();
   g_timer=false;
   if(!g_running)
      return;
   g_running=false;
   g_feed.End(g_context,reason);
   g_panel.End(reason);
   g_context.log.Information("CSMultiConnector ended: "+ReasonText(reason)+".");
   g_context.log.Close();
  }

void OnTimer()
  {
   if(!g_running)
      return;
   g_feed.OnTimer(g_context);
   g_panel.Update(g_context.panel);
   if(g_feed.WantsRemoval())
      ExpertRemove();
  }

// Only for a timer that could not be set: without it nothing at all would happen.
void OnTick()
  {
   KeepTimer();
  }

void OnTradeTransaction(const MqlTradeTransaction &transaction,const MqlTradeRequest &request,const MqlTradeResult &result)
  {
   KeepTimer();
   g_feed.MarkTransaction(transaction);
  }

void OnChartEvent(const int id,const long &lparam,const double &dparam,const string &sparam)
  {
   KeepTimer();
   if(!g_running)
      return;
   if(id==CHARTEVENT_CHART_CHANGE)
      g_panel.OnChartChange();
   if(id!=CHARTEVENT_OBJECT_CLICK)
      return;
   string connector="";
   bool resume=false;
   if(!g_panel.OnClick(sparam,g_context.panel,connector,resume))
      return;
   if(g_feed.RequestPause(g_context,connector,resume))
      g_context.panel.BeginRequest(connector,resume);
   g_panel.Update(g_context.panel);
  }

void KeepTimer()
  {
   if(!g_running || g_timer)
      return;
   ResetLastError();
   g_timer=EventSetMillisecondTimer(CSMC_TIMER_MS);
   if(!g_timer)
      g_context.log.Warning("The timer cannot be set (error "+IntegerToString(GetLastError())+"); it is tried again at the next event.");
  }

string ReasonText(const int reason)
  {
   switch(reason)
     {
      case REASON_PROGRAM:
         return("it removed itself");
      case REASON_REMOVE:
         return("removed from the chart");
      case REASON_RECOMPILE:
         return("compiled anew");
      case REASON_CHARTCHANGE:
         return("another symbol or period on the chart");
      case REASON_CHARTCLOSE:
         return("the chart was closed");
      case REASON_PARAMETERS:
         return("other inputs");
      case REASON_ACCOUNT:
         return("another account, or the account connected anew");
      case REASON_TEMPLATE:
         return("a template was applied");
      case REASON_INITFAILED:
         return("it could not start");
      case REASON_CLOSE:
         return("the terminal was closed");
     }
   return("reason "+IntegerToString(reason));
  }
