//+------------------------------------------------------------------+
//| HostNews.mqh                                                     |
//| What the host says to the person at the chart: the state of each |
//| connector, log lines, answers to the buttons.                    |
//+------------------------------------------------------------------+
#ifndef CSMC_HOST_NEWS_MQH
#define CSMC_HOST_NEWS_MQH

#include "Context.mqh"
#include "JsonLine.mqh"
#include "Requests.mqh"

class CHostNews
  {
private:
   CRequests         m_requests;

public:
   void              Begin(void) { m_requests.Begin(); }

   //--- the id of a button's request, which one answer may name; "" = too many wait
   string            Expect(const string prefix,const string connector) { return(m_requests.Add(prefix,connector)); }

   //--- false: a line of another type
   bool              Take(CContext &c,const CJsonLine &line,const string type)
     {
      if(type=="status")
        {
         c.panel.SetConnector(line.TextOr("connector",""),line.TextOr("venue",""),line.TextOr("state",""),line.TextOr("text",""),
                              line.TextOr("version",""),line.TextOr("licence",""));
         return(true);
        }
      if(type=="log")
        {
         c.log.FromHost(line.TextOr("level","info"),line.TextOr("text",""));
         return(true);
        }
      if(type!="done")
         return(false);
      TakeDone(c,line);
      return(true);
     }

private:
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
