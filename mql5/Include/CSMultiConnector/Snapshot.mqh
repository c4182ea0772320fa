//+------------------------------------------------------------------+
//| Snapshot.mqh                                                     |
//| What all streams hold, built in one go from one reading of the   |
//| terminal. What cannot be told whole is not told at all: a stream |
//| that a snapshot does not name is flat for the host.              |
//+------------------------------------------------------------------+
#ifndef CSMC_SNAPSHOT_MQH
#define CSMC_SNAPSHOT_MQH

#include "Attribution.mqh"
#include "DealFeed.mqh"
#include "Session.mqh"
#include "SymbolBook.mqh"
#include "TerminalGate.mqh"

#define SNAPSHOT_WARN_MS  30000

class CSnapshot
  {
private:
   long              m_id;
   ulong             m_warned;

public:
                     CSnapshot(void) { Begin(); }

   void              Begin(void)
     {
      m_id=0;
      m_warned=0;
     }

   //--- false: not now, nothing of it was sent. The caller has read the positions and made sure that the books agree with them.
   bool              Send(CContext &c,CSession &session,const CTerminalGate &gate,const CAttribution &attribution,CSymbolBook &symbols,const CDealFeed &deals,CLevelTable &told,const ulong now)
     {
      CLevelTable levels;
      CLevelTable totals;
      attribution.Levels(levels);
      attribution.Totals(totals);
      int listed=attribution.ListedPositions();
      if(!Describe(c,session,symbols,levels,now) || !Describe(c,session,symbols,totals,now))
         return(false);
      //--- reading took time: is it all still so? A program that is being ended has cut its loops short.
      if(IsStopped() || !gate.IsSameAccount() || PositionsTotal()!=listed || !deals.IsCurrent())
         return(false);
      m_id++;
      SStreamLevel row;
      CJsonWriter writer;
      session.BeginLine(writer,"snapshot");
      writer.Number("snapshot",m_id);
      writer.Number("positions",levels.Total());
      writer.Number("totals",totals.Total());
      if(!session.EndLine(writer,true))
         return(false);
      for(int i=0; levels.At(i,row); i++)
        {
         session.BeginLine(writer,"position");
         writer.Number("snapshot",m_id);
         writer.Number("magic",row.magic);
         if(!EndRow(session,writer,row))
            return(false);
        }
      for(int i=0; totals.At(i,row); i++)
        {
         session.BeginLine(writer,"total");
         writer.Number("snapshot",m_id);
         if(!EndRow(session,writer,row))
            return(false);
        }
      long time_msc=CServerClock::NowMsc();
      if(time_msc<deals.NewestTime())
         time_msc=deals.NewestTime();
      session.BeginLine(writer,"snapshot-end");
      writer.Number("snapshot",m_id);
      writer.Number("lastDeal",deals.NewestTicket());
      writer.Number("timeMsc",time_msc);
      writer.Number("utcMsc",CServerClock::Utc(time_msc));
      if(!session.EndLine(writer,true))
         return(false);
      told.Clear();
      for(int i=0; levels.At(i,row); i++)
         told.Put(row.symbol,row.magic,row.long_lots,row.short_lots);
      return(true);
     }

private:
   static bool       EndRow(CSession &session,CJsonWriter &writer,const SStreamLevel &row)
     {
      writer.Text("symbol",row.symbol,64);
      writer.Volume("long",row.long_lots);
      writer.Volume("short",row.short_lots);
      return(session.EndLine(writer,true));
     }

   //--- every symbol that is named, and every one whose facts changed; false: the terminal does not know one of them
   bool              Describe(CContext &c,CSession &session,CSymbolBook &symbols,const CLevelTable &table,const ulong now)
     {
      SStreamLevel row;
      string before="";
      string fields="";
      for(int i=0; table.At(i,row); i++)
        {
         if(i>0 && row.symbol==before)
            continue;
         before=row.symbol;
         if(!CSymbolBook::Facts(row.symbol,fields))
           {
            if(m_warned==0 || now-m_warned>=SNAPSHOT_WARN_MS)
              {
               m_warned=now;
               c.log.Warning("The terminal does not tell the contract of "+row.symbol+" yet: positions are not reported until it does");
              }
            return(false);
           }
         if(symbols.IsNews(row.symbol,fields) && !symbols.Say(session,row.symbol,fields))
            return(false);
        }
      return(true);
     }
  };

#endif
