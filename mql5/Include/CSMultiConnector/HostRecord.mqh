//+------------------------------------------------------------------+
//| HostRecord.mqh                                                   |
//| What the host has of this terminal, as the login tells it: where |
//| the record of each stream ends and, on netting accounts, the     |
//| ledger.                                                          |
//+------------------------------------------------------------------+
#ifndef CSMC_HOST_RECORD_MQH
#define CSMC_HOST_RECORD_MQH

#include "JsonLine.mqh"
#include "LevelTable.mqh"

#define RECORD_MAX_LINES  100000

//--- where the host's record of a stream ends
struct SResumePoint
  {
   long              magic;
   long              deal;
   long              time_msc;
  };

class CHostRecord
  {
private:
   SResumePoint      m_points[];
   CLevelTable       m_ledger;
   long              m_ledger_deal;
   int               m_lines;
   bool              m_whole;

public:
                     CHostRecord(void) { Begin(); }

   void              Begin(void)
     {
      ArrayFree(m_points);
      m_ledger.Clear();
      m_ledger_deal=0;
      m_lines=0;
      m_whole=false;
     }

   //--- the line "ready" has come
   bool              IsWhole(void) const { return(m_whole); }

   bool              PointAt(const int index,SResumePoint &point) const
     {
      if(index<0 || index>=ArraySize(m_points))
         return(false);
      point=m_points[index];
      return(true);
     }

   int               LedgerTotal(void) const { return(m_ledger.Total()); }
   bool              LedgerAt(const int index,SStreamLevel &row) const { return(m_ledger.At(index,row)); }

   //--- the newest deal in the ledger; 0 = not told
   long              LedgerDeal(void) const { return(m_ledger_deal); }

   //--- false: not a line that may come here
   bool              Take(const CJsonLine &line,const string type)
     {
      m_lines++;
      if(m_lines>RECORD_MAX_LINES)
         return(false);
      if(type=="resume")
         return(TakePoint(line));
      if(type=="resume-position")
         return(TakeRow(line));
      if(type!="ready")
         return(false);
      line.Integer("ledgerDeal",0,m_ledger_deal);
      m_whole=true;
      return(true);
     }

private:
   bool              TakePoint(const CJsonLine &line)
     {
      SResumePoint point;
      int total=ArraySize(m_points);
      if(!line.Integer("magic",0,point.magic) || !line.Integer("deal",0,point.deal) || !line.Integer("timeMsc",0,point.time_msc))
         return(false);
      if(ArrayResize(m_points,total+1,64)!=total+1)
         return(false);
      m_points[total]=point;
      return(true);
     }

   bool              TakeRow(const CJsonLine &line)
     {
      long magic=0;
      long long_lots=0;
      long short_lots=0;
      string symbol=line.TextOr("symbol","");
      if(StringLen(symbol)==0 || !line.Integer("magic",-1,magic) || !line.Volume("long",long_lots) || !line.Volume("short",short_lots))
         return(false);
      m_ledger.Add(symbol,magic,long_lots,short_lots);
      return(true);
     }
  };

#endif
