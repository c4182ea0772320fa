//+------------------------------------------------------------------+
//| PanelModel.mqh                                                   |
//| What the panel shows, without a chart: what the host confirmed,  |
//| never what was clicked.                                          |
//+------------------------------------------------------------------+
#ifndef CSMC_PANEL_MODEL_MQH
#define CSMC_PANEL_MODEL_MQH

#include "PlainText.mqh"

#define CSMC_PANEL_ROWS             64
#define CSMC_PANEL_TEXT_MAX         512
#define CSMC_PANEL_REQUEST_SECONDS  30

struct SPanelRow
  {
   ulong             number;        // never used twice, so that a late click cannot hit another connector
   string            connector;
   string            venue;
   string            state;         // word of the protocol
   string            text;
   bool              requested;     // a button of this row waits for its answer
   bool              resuming;      // which one
   ulong             requestedAt;   // GetTickCount64
  };

class CPanelModel
  {
private:
   SPanelRow         m_rows[CSMC_PANEL_ROWS];
   int               m_total;
   bool              m_overflow;
   ulong             m_lastNumber;
   ulong             m_revision;
   string            m_line;
   bool              m_healthy;
   string            m_error;
   datetime          m_errorAt;
   string            m_hostVersion;
   string            m_licence;

public:
                     CPanelModel(void)
     {
      m_lastNumber=0;
      m_revision=0;
      Reset();
     }

   // For OnInit: the object may live on from before. Numbers and revision go on.
   void              Reset(void)
     {
      m_total=0;
      m_overflow=false;
      m_line="";
      m_healthy=false;
      m_error="";
      m_errorAt=0;
      m_hostVersion="";
      m_licence="";
      m_revision++;
     }

   //--- what the feed tells
   void              SetLine(const string text,const bool healthy)
     {
      string line=Shown(text);
      if(line==m_line && healthy==m_healthy)
         return;
      m_line=line;
      m_healthy=healthy;
      m_revision++;
     }

   void              SetConnector(const string connector,const string venue,const string state,const string text,const string version,const string licence)
     {
      SetHostVersion(version);
      string key=Shown(licence);
      if(StringLen(key)>0 && key!=m_licence)
        {
         m_licence=key;
         m_revision++;
        }
      int row=Find(connector);
      if(row<0)
         row=Add(connector);
      if(row<0)
         return;
      string shownVenue=Shown(venue);
      string shownText=Shown(text);
      if(m_rows[row].state!=state)
         m_rows[row].requested=false;
      else
         if(m_rows[row].venue==shownVenue && m_rows[row].text==shownText)
            return;
      m_rows[row].venue=shownVenue;
      m_rows[row].state=state;
      m_rows[row].text=shownText;
      m_revision++;
     }

   void              ClearConnectors(void)
     {
      if(m_total==0 && !m_overflow)
         return;
      m_total=0;
      m_overflow=false;
      m_revision++;
     }

   void              SetError(const string text)
     {
      string error=Shown(text);
      if(error==m_error)
         return;
      m_error=error;
      m_errorAt=TimeLocal();
      m_revision++;
     }

   void              SetHostVersion(const string version)
     {
      string shown=Shown(version);
      if(StringLen(shown)==0 || shown==m_hostVersion)
         return;
      m_hostVersion=shown;
      m_revision++;
     }

   //--- a button: the request went out / was answered (`done`). "" = every row
   void              BeginRequest(const string connector,const bool resume)
     {
      ulong now=GetTickCount64();
      for(int i=0; i<m_total; i++)
         if(StringLen(connector)==0 || m_rows[i].connector==connector)
           {
            m_rows[i].requested=true;
            m_rows[i].resuming=resume;
            m_rows[i].requestedAt=now;
            m_revision++;
           }
     }

   void              EndRequest(const string connector)
     {
      for(int i=0; i<m_total; i++)
         if(m_rows[i].requested && (StringLen(connector)==0 || m_rows[i].connector==connector))
           {
            m_rows[i].requested=false;
            m_revision++;
           }
     }

   // A request whose answer never came frees its button.
   void              ExpireRequests(void)
     {
      ulong now=GetTickCount64();
      for(int i=0; i<m_total; i++)
         if(m_rows[i].requested && now-m_rows[i].requestedAt>=(ulong)CSMC_PANEL_REQUEST_SECONDS*1000)
           {
            m_rows[i].requested=false;
            m_revision++;
           }
     }

   //--- what the panel reads
   ulong             Revision(void) const
     {
      return(m_revision);
     }
   string            Line(void) const
     {
      return(m_line);
     }
   bool              Healthy(void) const
     {
      return(m_healthy);
     }
   string            LastError(void) const
     {
      return(m_error);
     }
   // The last error stays until another takes its place: with the time, so that an old one looks old.
   string            ErrorText(void) const
     {
      return(StringLen(m_error)==0 ? "" : TimeToString(m_errorAt,TIME_MINUTES)+" "+m_error);
     }
   string            HostVersion(void) const
     {
      return(m_hostVersion);
     }
   string            Licence(void) const
     {
      return(m_licence);
     }
   int               Total(void) const
     {
      return(m_total);
     }
   bool              Overflow(void) const
     {
      return(m_overflow);
     }
   ulong             Number(const int row) const
     {
      return(Valid(row) ? m_rows[row].number : (ulong)0);
     }
   string            Connector(const int row) const
     {
      return(Valid(row) ? m_rows[row].connector : "");
     }
   string            Venue(const int row) const
     {
      return(Valid(row) ? m_rows[row].venue : "");
     }
   string            State(const int row) const
     {
      return(Valid(row) ? m_rows[row].state : "");
     }
   bool              Requested(const int row) const
     {
      return(Valid(row) && m_rows[row].requested);
     }
   bool              Resuming(const int row) const
     {
      return(Valid(row) && m_rows[row].resuming);
     }

   // What the row's button does: a connector that does not run is resumed, every other is paused.
   bool              OffersResume(const int row) const
     {
      string state=State(row);
      return(state=="paused" || state=="faulted" || state=="stopped");
     }

   // "Running", "Paused: by hand", "Faulted: …"
   string            StateText(const int row) const
     {
      if(!Valid(row))
         return("");
      string word=StateWord(m_rows[row].state);
      string text=m_rows[row].text;
      if(StringLen(text)==0 || text==m_rows[row].state || text==word)
         return(word);
      return(word+": "+text);
     }

   int               RowOfNumber(const ulong number) const
     {
      for(int i=0; i<m_total; i++)
         if(m_rows[i].number==number)
            return(i);
      return(-1);
     }

private:
   bool              Valid(const int row) const
     {
      return(row>=0 && row<m_total && row<CSMC_PANEL_ROWS);
     }

   static string     Shown(const string text)
     {
      return(CPlainText::Cut(CPlainText::OneLine(text),CSMC_PANEL_TEXT_MAX));
     }

   static string     StateWord(const string state)
     {
      if(state=="starting")
         return("Starting");
      if(state=="running")
         return("Running");
      if(state=="paused")
         return("Paused");
      if(state=="reconnecting")
         return("Reconnecting");
      if(state=="faulted")
         return("Faulted");
      if(state=="stopped")
         return("Stopped");
      return(StringLen(state)==0 ? "Unknown" : CPlainText::Cut(CPlainText::OneLine(state),32));
     }

   int               Find(const string connector) const
     {
      for(int i=0; i<m_total; i++)
         if(m_rows[i].connector==connector)
            return(i);
      return(-1);
     }

   int               Add(const string connector)
     {
      if(m_total>=CSMC_PANEL_ROWS)
        {
         if(!m_overflow)
           {
            m_overflow=true;
            m_revision++;
           }
         return(-1);
        }
      int row=m_total;
      m_total++;
      m_lastNumber++;
      m_rows[row].number=m_lastNumber;
      m_rows[row].connector=connector;
      m_rows[row].venue="";
      m_rows[row].state="";
      m_rows[row].text="";
      m_rows[row].requested=false;
      m_rows[row].resuming=false;
      m_rows[row].requestedAt=0;
      m_revision++;
      return(row);
     }
  };

#endif
