//+------------------------------------------------------------------+
//| HistoryReader.mqh                                                |
//| Reads deals from the terminal. A program has one selected list,  |
//| which every selection replaces: each method selects for itself   |
//| and leaves nothing to rely on.                                   |
//+------------------------------------------------------------------+
#ifndef CSMC_HISTORY_READER_MQH
#define CSMC_HISTORY_READER_MQH

#include "Deal.mqh"
#include "DealMemory.mqh"
#include "KeyOrder.mqh"
#include "Lots.mqh"
#include "ServerClock.mqh"

//--- what tells cheaply whether a window of the history changed
struct SHistoryMark
  {
   int               total;
   long              newest;      // ticket that stands last

                     SHistoryMark(void)
     {
      total=-1;
      newest=-1;
     }

   bool              IsSame(const SHistoryMark &other) const { return(total==other.total && newest==other.newest); }
  };

class CHistoryReader
  {
public:
   //--- false: the terminal could not tell
   static bool       Mark(const long from_msc,SHistoryMark &mark)
     {
      if(!Select(from_msc))
         return(false);
      mark.total=HistoryDealsTotal();
      mark.newest=0;
      if(mark.total>0)
         mark.newest=(long)HistoryDealGetTicket(mark.total-1);
      return(true);
     }

   //--- The deals of the window, in the order in which they happened; those that are known are left out, unless all are wanted or
   //--- they were cancelled since. False: some could not be read, look again.
   static bool       Read(const long from_msc,const CDealMemory &memory,const bool all,SDeal &deals[])
     {
      SDeal found[];
      int count=0;
      ArrayResize(deals,0);
      if(!Select(from_msc))
         return(false);
      bool whole=true;
      int total=HistoryDealsTotal();
      SKnownDeal known;
      for(int i=0; i<total && !IsStopped(); i++)
        {
         ulong ticket=HistoryDealGetTicket(i);
         if(ticket==0)
           {
            whole=false;
            continue;
           }
         long kind=HistoryDealGetInteger(ticket,DEAL_TYPE);
         if(!IsTrade(kind))
            continue;
         if(!all && memory.Find((long)ticket,known) && known.canceled==IsCanceled(kind))
            continue;
         if(count>=ArraySize(found) && ArrayResize(found,count+16,1024)<count+16)
            return(false);
         if(ReadDeal(ticket,kind,found[count]))
            count++;
         else
            whole=false;
        }
      return(InOrder(found,count,true,deals) && whole);
     }

   //--- the deals of one position as the trade server booked them: by ticket, since its clock can be set back between entry and exit
   static bool       ReadPosition(const long id,SDeal &deals[])
     {
      SDeal found[];
      int count=0;
      ArrayResize(deals,0);
      if(id<=0 || !HistorySelectByPosition(id))
         return(false);
      bool whole=true;
      int total=HistoryDealsTotal();
      for(int i=0; i<total && !IsStopped(); i++)
        {
         ulong ticket=HistoryDealGetTicket(i);
         if(ticket==0)
           {
            whole=false;
            continue;
           }
         long kind=HistoryDealGetInteger(ticket,DEAL_TYPE);
         if(!IsTrade(kind))
            continue;
         if(count>=ArraySize(found) && ArrayResize(found,count+16,64)<count+16)
            return(false);
         if(!ReadDeal(ticket,kind,found[count]))
            whole=false;
         else
            if(found[count].position==id)
               count++;
        }
      return(InOrder(found,count,false,deals) && whole);
     }

   //--- the position that the symbol's last trade up to a deal belongs to; 0 = the history has none
   static long       PositionAsOf(const string symbol,const long newest)
     {
      long position=0;
      ulong last=0;
      if(!Select(0))
         return(0);
      for(int i=HistoryDealsTotal()-1; i>=0 && !IsStopped(); i--)
        {
         ulong ticket=HistoryDealGetTicket(i);
         if(ticket<=last || (long)ticket>newest || HistoryDealGetString(ticket,DEAL_SYMBOL)!=symbol || !IsTrade(HistoryDealGetInteger(ticket,DEAL_TYPE)))
            continue;
         last=ticket;
         position=HistoryDealGetInteger(ticket,DEAL_POSITION_ID);
        }
      return(position);
     }

   //--- the deal's time in milliseconds; 0 = the history has no such deal
   static long       TimeOf(const long ticket)
     {
      if(ticket<=0 || !HistoryDealSelect((ulong)ticket))
         return(0);
      return(HistoryDealGetInteger((ulong)ticket,DEAL_TIME_MSC));
     }

   //--- time of the newest deal of any kind in the whole history; 0 = there is none, or it could not be read
   static long       NewestTime(void)
     {
      if(!Select(0))
         return(0);
      long newest=0;
      int total=HistoryDealsTotal();
      for(int i=0; i<total && !IsStopped(); i++)
        {
         long time_msc=HistoryDealGetInteger(HistoryDealGetTicket(i),DEAL_TIME_MSC);
         if(time_msc>newest)
            newest=time_msc;
        }
      return(newest);
     }

   //--- there is a deal, of any kind, at or after the time
   static bool       HasSince(const long time_msc)
     {
      if(!Select(time_msc))
         return(false);
      int total=HistoryDealsTotal();
      for(int i=total-1; i>=0; i--)
        {
         ulong ticket=HistoryDealGetTicket(i);
         if(ticket!=0 && HistoryDealGetInteger(ticket,DEAL_TIME_MSC)>=time_msc)
            return(true);
        }
      return(false);
     }

   //--- Ids, ascending, of the positions that are open by the whole history. Heavy: once for each synchronisation. A position with a
   //--- cancelled deal is no evidence. Returns the number of deals of any kind in the history; -1 = it could not be read.
   static int        OpenPositions(const bool hedging,long &open[])
     {
      long ids[];
      long tickets[];
      long volumes[];
      int count=0;
      ArrayResize(open,0);
      if(!Select(0))
         return(-1);
      int total=HistoryDealsTotal();
      if(ArrayResize(ids,total)!=total || ArrayResize(tickets,total)!=total || ArrayResize(volumes,total)!=total)
         return(-1);
      for(int i=0; i<total && !IsStopped(); i++)
        {
         ulong ticket=HistoryDealGetTicket(i);
         if(ticket==0)
            return(-1);
         long kind=HistoryDealGetInteger(ticket,DEAL_TYPE);
         if(!IsTrade(kind))
            continue;
         ids[count]=HistoryDealGetInteger(ticket,DEAL_POSITION_ID);
         tickets[count]=(long)ticket;
         //--- 0 stands for cancelled
         volumes[count]=0;
         if(!IsCanceled(kind))
           {
            volumes[count]=CLots::Of(HistoryDealGetDouble(ticket,DEAL_VOLUME));
            bool less=(kind==(long)DEAL_TYPE_SELL);
            if(hedging)
               less=(HistoryDealGetInteger(ticket,DEAL_ENTRY)!=(long)DEAL_ENTRY_IN);
            if(less)
               volumes[count]=-volumes[count];
           }
         count++;
        }
      int order[];
      if(!CKeyOrder::Sort(ids,tickets,count,order))
         return(-1);
      int opened=0;
      int at=0;
      while(at<count)
        {
         long id=ids[order[at]];
         long sum=0;
         bool certain=(id!=0);
         while(at<count && ids[order[at]]==id)
           {
            sum+=volumes[order[at]];
            if(volumes[order[at]]==0)
               certain=false;
            //--- a position never turns round on a hedging account
            if(hedging && sum<0)
               sum=0;
            at++;
           }
         if(sum==0 || !certain)
            continue;
         if(ArrayResize(open,opened+1,64)!=opened+1)
            return(-1);
         open[opened]=id;
         opened++;
        }
      return(total);
     }

private:
   static bool       Select(const long from_msc)
     {
      long from=from_msc/1000;
      if(from<0)
         from=0;
      return(HistorySelect((datetime)from,CLOCK_FAR_FUTURE));
     }

   //--- only these move a position, or did before they were cancelled
   static bool       IsTrade(const long kind)
     {
      return(kind==(long)DEAL_TYPE_BUY || kind==(long)DEAL_TYPE_SELL || IsCanceled(kind));
     }

   static bool       IsCanceled(const long kind)
     {
      return(kind==(long)DEAL_TYPE_BUY_CANCELED || kind==(long)DEAL_TYPE_SELL_CANCELED);
     }

   //--- the ticket stands in the selected list
   static bool       ReadDeal(const ulong ticket,const long kind,SDeal &deal)
     {
      double lots=0.0;
      long entry=0;
      long reason=0;
      if(!HistoryDealGetInteger(ticket,DEAL_ORDER,deal.order)
         || !HistoryDealGetInteger(ticket,DEAL_POSITION_ID,deal.position)
         || !HistoryDealGetInteger(ticket,DEAL_MAGIC,deal.magic)
         || !HistoryDealGetInteger(ticket,DEAL_TIME_MSC,deal.time_msc)
         || !HistoryDealGetInteger(ticket,DEAL_ENTRY,entry)
         || !HistoryDealGetInteger(ticket,DEAL_REASON,reason)
         || !HistoryDealGetDouble(ticket,DEAL_VOLUME,lots)
         || !HistoryDealGetDouble(ticket,DEAL_PRICE,deal.price)
         || !HistoryDealGetDouble(ticket,DEAL_COMMISSION,deal.commission)
         || !HistoryDealGetString(ticket,DEAL_SYMBOL,deal.symbol)
         || !HistoryDealGetString(ticket,DEAL_COMMENT,deal.comment))
         return(false);
      deal.ticket=(long)ticket;
      //--- above 2^63-1 no stream can be listed, and below zero the protocol has no magic
      if(deal.magic<0)
         deal.magic=LONG_MAX;
      deal.lots=CLots::Of(lots);
      deal.side=FEED_SELL;
      if(kind==(long)DEAL_TYPE_BUY || kind==(long)DEAL_TYPE_BUY_CANCELED)
         deal.side=FEED_BUY;
      deal.canceled=IsCanceled(kind);
      deal.entry=EntryOf(entry);
      deal.reason=ReasonOf(reason);
      return(StringLen(deal.symbol)>0);
     }

   static ENUM_FEED_ENTRY EntryOf(const long entry)
     {
      if(entry==(long)DEAL_ENTRY_OUT)
         return(FEED_ENTRY_OUT);
      if(entry==(long)DEAL_ENTRY_INOUT)
         return(FEED_ENTRY_INOUT);
      if(entry==(long)DEAL_ENTRY_OUT_BY)
         return(FEED_ENTRY_OUT_BY);
      return(FEED_ENTRY_IN);
     }

   static ENUM_FEED_REASON ReasonOf(const long reason)
     {
      if(reason==(long)DEAL_REASON_CLIENT)
         return(FEED_REASON_CLIENT);
      if(reason==(long)DEAL_REASON_MOBILE)
         return(FEED_REASON_MOBILE);
      if(reason==(long)DEAL_REASON_WEB)
         return(FEED_REASON_WEB);
      if(reason==(long)DEAL_REASON_EXPERT)
         return(FEED_REASON_EXPERT);
      if(reason==(long)DEAL_REASON_SL)
         return(FEED_REASON_SL);
      if(reason==(long)DEAL_REASON_TP)
         return(FEED_REASON_TP);
      if(reason==(long)DEAL_REASON_SO)
         return(FEED_REASON_SO);
      if(reason==(long)DEAL_REASON_ROLLOVER)
         return(FEED_REASON_ROLLOVER);
      return(FEED_REASON_OTHER);
     }

   static bool       InOrder(const SDeal &found[],const int count,const bool by_time,SDeal &deals[])
     {
      long times[];
      long tickets[];
      int order[];
      if(ArrayResize(times,count)!=count || ArrayResize(tickets,count)!=count)
         return(false);
      for(int i=0; i<count; i++)
        {
         times[i]=0;
         if(by_time)
            times[i]=found[i].time_msc;
         tickets[i]=found[i].ticket;
        }
      if(!CKeyOrder::Sort(times,tickets,count,order) || ArrayResize(deals,count)!=count)
         return(false);
      for(int i=0; i<count; i++)
         deals[i]=found[order[i]];
      return(true);
     }
  };

#endif
