//+------------------------------------------------------------------+
//| HedgingBook.mqh                                                  |
//| Hedging accounts: a position belongs to the magic that it was    |
//| opened with, whatever its later deals carry. The owner of a      |
//| closed position is remembered: its exit may be read after it is  |
//| gone from the list. No call of the terminal, no clock.           |
//+------------------------------------------------------------------+
#ifndef CSMC_HEDGING_BOOK_MQH
#define CSMC_HEDGING_BOOK_MQH

#include "Deal.mqh"
#include "LevelTable.mqh"

#define HEDGING_CLOSED_KEPT  20000

struct SHeldPosition
  {
   long              id;
   long              magic;
   string            symbol;
   ENUM_FEED_SIDE    side;
   long              lots;        // 0 = closed
   bool              guessed;     // the list of positions told it; its opening deal was not seen
   long              last_time;   // of the newest deal that was applied, 0 = none
   long              last_ticket;

                     SHeldPosition(void)
     {
      id=0;
      magic=0;
      symbol="";
      side=FEED_BUY;
      lots=0;
      guessed=false;
      last_time=0;
      last_ticket=0;
     }
  };

class CHedgingBook
  {
private:
   SHeldPosition     m_positions[];
   int               m_total;
   int               m_closed;
   CLevelTable       m_levels;

public:
                     CHedgingBook(void)
     {
      m_total=0;
      m_closed=0;
     }

   void              Clear(void)
     {
      ArrayFree(m_positions);
      m_total=0;
      m_closed=0;
      m_levels.Clear();
     }

   //--- a position as the terminal lists it
   void              Resume(const long id,const long magic,const string symbol,const ENUM_FEED_SIDE side,const long lots,const bool guessed)
     {
      Take(id,magic,symbol,side,lots);
      int i=PlaceOf(id);
      if(IsAt(i,id))
         m_positions[i].guessed=guessed;
     }

   //--- an id that was ever seen
   bool              OwnerOf(const long id,long &magic) const
     {
      int i=PlaceOf(id);
      if(!IsAt(i,id))
         return(false);
      magic=m_positions[i].magic;
      return(true);
     }

   bool              IsOpen(const long id) const
     {
      int i=PlaceOf(id);
      return(IsAt(i,id) && m_positions[i].lots>0);
     }

   //--- the deal follows all that were applied to its position
   bool              IsInOrder(const SDeal &deal) const
     {
      int i=PlaceOf(deal.position);
      if(!IsAt(i,deal.position))
         return(false);
      if(deal.time_msc!=m_positions[i].last_time)
         return(deal.time_msc>m_positions[i].last_time);
      return(deal.ticket>m_positions[i].last_ticket);
     }

   //--- the position is learnt anew
   void              Remove(const long id)
     {
      int i=PlaceOf(id);
      if(!IsAt(i,id))
         return;
      Move(i,0);
      m_closed--;
      m_total--;
      for(int k=i; k<m_total; k++)
         m_positions[k]=m_positions[k+1];
     }

   //--- ids, open and closed
   int               Positions(void) const { return(m_total); }

   bool              PositionAt(const int index,SHeldPosition &position) const
     {
      if(index<0 || index>=m_total)
         return(false);
      position=m_positions[index];
      return(true);
     }

   int               Total(void) const { return(m_levels.Total()); }
   bool              At(const int index,SStreamLevel &row) const { return(m_levels.At(index,row)); }
   void              LevelOf(const long magic,const string symbol,long &long_lots,long &short_lots) const { m_levels.Get(symbol,magic,long_lots,short_lots); }

   //--- 0: nothing changed, which for an exit means that its position is not known
   int               Apply(const SDeal &deal,SStreamChange &changes[])
     {
      int count=Change(deal,changes);
      int i=PlaceOf(deal.position);
      if(IsAt(i,deal.position))
        {
         m_positions[i].last_time=deal.time_msc;
         m_positions[i].last_ticket=deal.ticket;
        }
      return(count);
     }

   //--- takes a cancelled deal out again, given what Apply said that it changed
   int               Undo(const SDeal &deal,const SStreamChange &applied[],SStreamChange &changes[])
     {
      ArrayResize(changes,0);
      if(ArraySize(applied)==0)
         return(0);
      //--- the volume that the deal really moved: an exit of more than was held took only what was there
      long longs=applied[0].after_long-applied[0].before_long;
      long shorts=applied[0].after_short-applied[0].before_short;
      int i=PlaceOf(deal.position);
      if(IsAt(i,deal.position) && m_positions[i].lots>0)
         return(Put(deal.position,m_positions[i].magic,m_positions[i].symbol,m_positions[i].side,m_positions[i].lots-longs-shorts,changes));
      ENUM_FEED_SIDE side=FEED_SELL;
      if(longs!=0)
         side=FEED_BUY;
      return(Put(deal.position,applied[0].magic,deal.symbol,side,-longs-shorts,changes));
     }

   //--- the position is known to be gone, though no deal said so
   void              End(const long id)
     {
      int i=PlaceOf(id);
      if(IsAt(i,id))
         Move(i,0);
     }

private:
   int               Change(const SDeal &deal,SStreamChange &changes[])
     {
      ArrayResize(changes,0);
      int i=PlaceOf(deal.position);
      bool open=(IsAt(i,deal.position) && m_positions[i].lots>0);
      if(open && m_positions[i].guessed && deal.entry==FEED_ENTRY_IN)
        {
         Move(i,0);
         open=false;
        }
      if(!open)
        {
         if(deal.entry!=FEED_ENTRY_IN)
            return(0);
         return(Put(deal.position,deal.magic,deal.symbol,deal.side,deal.lots,changes));
        }
      long lots=m_positions[i].lots;
      if(deal.side==m_positions[i].side)
         lots+=deal.lots;
      else
         lots-=deal.lots;
      return(Put(deal.position,m_positions[i].magic,m_positions[i].symbol,m_positions[i].side,lots,changes));
     }

   //--- a position never turns round on a hedging account; an exit of more than is known ends it
   int               Put(const long id,const long magic,const string symbol,const ENUM_FEED_SIDE side,const long lots,SStreamChange &changes[])
     {
      long before_long=0;
      long before_short=0;
      long after_long=0;
      long after_short=0;
      m_levels.Get(symbol,magic,before_long,before_short);
      Take(id,magic,symbol,side,lots);
      m_levels.Get(symbol,magic,after_long,after_short);
      if(before_long==after_long && before_short==after_short)
         return(0);
      if(ArrayResize(changes,1)!=1)
         return(0);
      changes[0].symbol=symbol;
      changes[0].magic=magic;
      changes[0].before_long=before_long;
      changes[0].before_short=before_short;
      changes[0].after_long=after_long;
      changes[0].after_short=after_short;
      return(1);
     }

   void              Take(const long id,const long magic,const string symbol,const ENUM_FEED_SIDE side,const long lots)
     {
      int i=PlaceOf(id);
      if(!IsAt(i,id))
        {
         if(!Insert(i,id))
            return;
        }
      else
         Move(i,0);
      m_positions[i].magic=magic;
      m_positions[i].symbol=symbol;
      m_positions[i].side=side;
      m_positions[i].guessed=false;
      Move(i,lots);
      if(m_closed>HEDGING_CLOSED_KEPT)
         ForgetClosed();
     }

   //--- gives a position another volume and moves its stream's level with it
   void              Move(const int index,const long wanted)
     {
      long lots=wanted;
      if(lots<0)
         lots=0;
      long change=lots-m_positions[index].lots;
      if(m_positions[index].lots==0 && lots>0)
         m_closed--;
      if(m_positions[index].lots>0 && lots==0)
         m_closed++;
      m_positions[index].lots=lots;
      if(m_positions[index].side==FEED_BUY)
         m_levels.Add(m_positions[index].symbol,m_positions[index].magic,change,0);
      else
         m_levels.Add(m_positions[index].symbol,m_positions[index].magic,0,change);
     }

   int               PlaceOf(const long id) const
     {
      int low=0;
      int high=m_total;
      while(low<high)
        {
         int middle=low+(high-low)/2;
         if(m_positions[middle].id<id)
            low=middle+1;
         else
            high=middle;
        }
      return(low);
     }

   bool              IsAt(const int index,const long id) const { return(index>=0 && index<m_total && m_positions[index].id==id); }

   //--- ids grow, so a new one nearly always goes to the end
   bool              Insert(const int index,const long id)
     {
      if(m_total>=ArraySize(m_positions) && ArrayResize(m_positions,m_total+16,1024)<m_total+16)
         return(false);
      for(int i=m_total; i>index; i--)
         m_positions[i]=m_positions[i-1];
      m_positions[index].id=id;
      m_positions[index].magic=0;
      m_positions[index].symbol="";
      m_positions[index].side=FEED_BUY;
      m_positions[index].lots=0;
      m_positions[index].guessed=false;
      m_positions[index].last_time=0;
      m_positions[index].last_ticket=0;
      m_total++;
      m_closed++;
      return(true);
     }

   //--- the older half of the closed ones goes
   void              ForgetClosed(void)
     {
      int drop=m_closed/2;
      int kept=0;
      for(int i=0; i<m_total; i++)
        {
         if(m_positions[i].lots==0 && drop>0)
           {
            drop--;
            m_closed--;
            continue;
           }
         if(kept!=i)
            m_positions[kept]=m_positions[i];
         kept++;
        }
      m_total=kept;
     }
  };

#endif
