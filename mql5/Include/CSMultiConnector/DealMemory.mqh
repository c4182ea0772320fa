//+------------------------------------------------------------------+
//| DealMemory.mqh                                                   |
//| Which deals were already taken, by ticket, and what each changed.|
//| Bounded: what is older than the window that is read is dropped.  |
//+------------------------------------------------------------------+
#ifndef CSMC_DEAL_MEMORY_MQH
#define CSMC_DEAL_MEMORY_MQH

#include "LevelTable.mqh"

struct SKnownDeal
  {
   long              ticket;
   long              time_msc;
   long              stream;      // the listed stream that it is named for; FEED_NO_STREAM = none
   bool              canceled;

                     SKnownDeal(void)
     {
      ticket=0;
      time_msc=0;
      stream=FEED_NO_STREAM;
      canceled=false;
     }
  };

struct STakenChange
  {
   long              ticket;
   SStreamChange     change;
  };

class CDealMemory
  {
private:
   SKnownDeal        m_deals[];
   int               m_total;
   STakenChange      m_changes[];
   int               m_changed;

public:
                     CDealMemory(void)
     {
      m_total=0;
      m_changed=0;
     }

   void              Clear(void)
     {
      ArrayFree(m_deals);
      ArrayFree(m_changes);
      m_total=0;
      m_changed=0;
     }

   int               Total(void) const { return(m_total); }

   bool              At(const int index,SKnownDeal &known) const
     {
      if(index<0 || index>=m_total)
         return(false);
      known=m_deals[index];
      return(true);
     }

   bool              Find(const long ticket,SKnownDeal &known) const
     {
      int i=PlaceOf(ticket);
      if(i>=m_total || m_deals[i].ticket!=ticket)
         return(false);
      known=m_deals[i];
      return(true);
     }

   //--- what is there already keeps its changes
   bool              Put(const long ticket,const long time_msc,const long stream,const bool canceled)
     {
      int i=PlaceOf(ticket);
      if(i>=m_total || m_deals[i].ticket!=ticket)
        {
         if(m_total>=ArraySize(m_deals) && ArrayResize(m_deals,m_total+16,4096)<m_total+16)
            return(false);
         for(int k=m_total; k>i; k--)
            m_deals[k]=m_deals[k-1];
         m_deals[i].ticket=ticket;
         m_total++;
        }
      m_deals[i].time_msc=time_msc;
      m_deals[i].stream=stream;
      m_deals[i].canceled=canceled;
      return(true);
     }

   void              PutChanges(const long ticket,const SStreamChange &changes[])
     {
      int count=ArraySize(changes);
      if(m_changed+count>ArraySize(m_changes) && ArrayResize(m_changes,m_changed+count+16,4096)<m_changed+count)
         return;
      for(int i=0; i<count; i++)
        {
         m_changes[m_changed].ticket=ticket;
         m_changes[m_changed].change=changes[i];
         m_changed++;
        }
     }

   //--- what the deal changed when it was applied, in that order
   int               ChangesOf(const long ticket,SStreamChange &changes[]) const
     {
      int count=0;
      ArrayResize(changes,0);
      for(int i=0; i<m_changed; i++)
        {
         if(m_changes[i].ticket!=ticket)
            continue;
         if(ArrayResize(changes,count+1,8)!=count+1)
            break;
         changes[count]=m_changes[i].change;
         count++;
        }
      return(count);
     }

   //--- forgets the deals from before a time
   void              DropBefore(const long time_msc)
     {
      int kept=0;
      for(int i=0; i<m_total; i++)
        {
         if(m_deals[i].time_msc<time_msc)
            continue;
         if(kept!=i)
            m_deals[kept]=m_deals[i];
         kept++;
        }
      if(kept==m_total)
         return;
      m_total=kept;
      kept=0;
      for(int i=0; i<m_changed; i++)
        {
         int place=PlaceOf(m_changes[i].ticket);
         if(place>=m_total || m_deals[place].ticket!=m_changes[i].ticket)
            continue;
         if(kept!=i)
            m_changes[kept]=m_changes[i];
         kept++;
        }
      m_changed=kept;
     }

private:
   int               PlaceOf(const long ticket) const
     {
      int low=0;
      int high=m_total;
      //--- a new ticket is nearly always the largest
      if(m_total>0 && m_deals[m_total-1].ticket<ticket)
         return(m_total);
      while(low<high)
        {
         int middle=low+(high-low)/2;
         if(m_deals[middle].ticket<ticket)
            low=middle+1;
         else
            high=middle;
        }
      return(low);
     }
  };

#endif
