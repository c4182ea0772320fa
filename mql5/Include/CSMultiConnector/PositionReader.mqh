//+------------------------------------------------------------------+
//| PositionReader.mqh                                               |
//| One consistent copy of the terminal's list of positions. Their   |
//| order is not specified and may shift while they are read.        |
//+------------------------------------------------------------------+
#ifndef CSMC_POSITION_READER_MQH
#define CSMC_POSITION_READER_MQH

#include "Deal.mqh"
#include "Lots.mqh"

#define POSITION_READ_TRIES  3

struct SPosition
  {
   long              id;
   string            symbol;
   ENUM_FEED_SIDE    side;
   long              lots;
   long              magic;       // as the terminal says; on netting accounts only a hint
  };

class CPositionReader
  {
private:
   SPosition         m_rows[];
   long              m_ids[];     // ascending
   int               m_total;
   ulong             m_print;

public:
                     CPositionReader(void) { Clear(); }

   void              Clear(void)
     {
      ArrayFree(m_rows);
      ArrayFree(m_ids);
      m_total=0;
      m_print=0;
     }

   //--- false: the list changed while it was read, or could not be read: what is there must not be used
   bool              Read(void)
     {
      for(int i=0; i<POSITION_READ_TRIES; i++)
         if(TryRead())
            return(true);
      return(false);
     }

   int               Total(void) const { return(m_total); }

   bool              At(const int index,SPosition &position) const
     {
      if(index<0 || index>=m_total)
         return(false);
      position=m_rows[index];
      return(true);
     }

   //--- differs when ids, sides or volumes differ, whatever the order
   ulong             Fingerprint(void) const { return(m_print); }

   bool              HasId(const long id) const
     {
      int low=0;
      int high=ArraySize(m_ids);
      while(low<high)
        {
         int middle=low+(high-low)/2;
         if(m_ids[middle]<id)
            low=middle+1;
         else
            high=middle;
        }
      return(low<ArraySize(m_ids) && m_ids[low]==id);
     }

   //--- what the account holds in the symbol, buy positive
   long              NetOf(const string symbol) const
     {
      long net=0;
      for(int i=0; i<m_total; i++)
        {
         if(m_rows[i].symbol!=symbol)
            continue;
         if(m_rows[i].side==FEED_BUY)
            net+=m_rows[i].lots;
         else
            net-=m_rows[i].lots;
        }
      return(net);
     }

private:
   bool              TryRead(void)
     {
      int total=PositionsTotal();
      SPosition rows[];
      ulong tickets[];
      if(total<0 || ArrayResize(rows,total)!=total || ArrayResize(tickets,total)!=total)
         return(false);
      ulong print=1;
      for(int i=0; i<total; i++)
        {
         tickets[i]=PositionGetTicket(i);
         if(tickets[i]==0 || !ReadSelected(rows[i]))
            return(false);
         print+=Mix(rows[i]);
        }
      if(PositionsTotal()!=total)
         return(false);
      if(total>1)
        {
         ArraySort(tickets);
         for(int i=1; i<total; i++)
            if(tickets[i]==tickets[i-1])
               return(false);
        }
      if(ArrayResize(m_rows,total)!=total || ArrayResize(m_ids,total)!=total)
        {
         Clear();
         return(false);
        }
      for(int i=0; i<total; i++)
        {
         m_rows[i]=rows[i];
         m_ids[i]=rows[i].id;
        }
      if(total>1)
         ArraySort(m_ids);
      m_total=total;
      m_print=print;
      return(true);
     }

   static bool       ReadSelected(SPosition &row)
     {
      long kind=0;
      double lots=0.0;
      if(!PositionGetInteger(POSITION_IDENTIFIER,row.id)
         || !PositionGetInteger(POSITION_TYPE,kind)
         || !PositionGetInteger(POSITION_MAGIC,row.magic)
         || !PositionGetDouble(POSITION_VOLUME,lots)
         || !PositionGetString(POSITION_SYMBOL,row.symbol))
         return(false);
      if(row.magic<0)
         row.magic=LONG_MAX;
      row.side=FEED_SELL;
      if(kind==(long)POSITION_TYPE_BUY)
         row.side=FEED_BUY;
      row.lots=CLots::Of(lots);
      return(row.id!=0 && row.lots>0 && StringLen(row.symbol)>0);
     }

   static ulong      Mix(const SPosition &row)
     {
      ulong value=(ulong)row.id*11400714819323198485;
      value^=(ulong)row.lots*7046029254386353131;
      if(row.side==FEED_BUY)
         value^=1234567891234567891;
      value^=value>>29;
      return(value*2862933555777941757);
     }
  };

#endif
