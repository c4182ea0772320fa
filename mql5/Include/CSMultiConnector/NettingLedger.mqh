//+------------------------------------------------------------------+
//| NettingLedger.mqh                                                |
//| Netting and exchange accounts: a symbol has one position, but    |
//| several streams may have made it. The policy is section 7 of     |
//| docs/feed-protocol.md, held to the C# side by shared vectors.    |
//| No call of the terminal, no clock.                               |
//+------------------------------------------------------------------+
#ifndef CSMC_NETTING_LEDGER_MQH
#define CSMC_NETTING_LEDGER_MQH

#include "Deal.mqh"
#include "LevelTable.mqh"

//--- the magic whose deal opened a symbol's position or turned it round
struct SSymbolOwner
  {
   string            symbol;
   long              magic;

                     SSymbolOwner(void)
     {
      symbol="";
      magic=0;
     }
  };

class CNettingLedger
  {
private:
   long              m_listed[];
   CLevelTable       m_levels;
   SSymbolOwner      m_owners[];
   //--- of the operation that is running: who was touched, and what each held before
   string            m_symbol;
   long              m_touched[];
   long              m_before[];

public:
                     CNettingLedger(void) { m_symbol=""; }

   //--- listed magics are kept
   void              Clear(void)
     {
      m_levels.Clear();
      ArrayFree(m_owners);
     }

   void              ClearListed(void) { ArrayFree(m_listed); }

   //--- a magic that the Expert Advisor lists: its deals always count for it
   void              AddListed(const long magic)
     {
      int total=ArraySize(m_listed);
      if(!IsListed(magic) && ArrayResize(m_listed,total+1,16)==total+1)
         m_listed[total]=magic;
     }

   bool              ListedAt(const int index,long &magic) const
     {
      if(index<0 || index>=ArraySize(m_listed))
         return(false);
      magic=m_listed[index];
      return(true);
     }

   bool              IsListed(const long magic) const
     {
      int total=ArraySize(m_listed);
      for(int i=0; i<total; i++)
         if(m_listed[i]==magic)
            return(true);
      return(false);
     }

   //--- goes on from a given ledger; entries of one stream in one symbol add up
   void              Resume(const string symbol,const long magic,const long long_lots,const long short_lots)
     {
      m_levels.AddNet(symbol,magic,long_lots-short_lots);
     }

   //--- which magic the symbol's position carries; of no meaning when nothing is held in the symbol
   void              SetOwner(const string symbol,const long magic)
     {
      if(!HoldsAny(symbol))
         return;
      int i=OwnerIndex(symbol);
      if(i<0)
        {
         i=ArraySize(m_owners);
         if(ArrayResize(m_owners,i+1,16)!=i+1)
            return;
         m_owners[i].symbol=symbol;
        }
      m_owners[i].magic=magic;
     }

   bool              OwnerOf(const string symbol,long &magic) const
     {
      int i=OwnerIndex(symbol);
      if(i<0)
         return(false);
      magic=m_owners[i].magic;
      return(true);
     }

   int               Total(void) const { return(m_levels.Total()); }
   bool              At(const int index,SStreamLevel &row) const { return(m_levels.At(index,row)); }
   long              NetOf(const string symbol) const { return(m_levels.NetOf(symbol)); }
   void              LevelOf(const long magic,const string symbol,long &long_lots,long &short_lots) const { m_levels.Get(symbol,magic,long_lots,short_lots); }

   //--- the streams that the deal changed, in the order of attribution; returns how many
   int               Apply(const SDeal &deal,SStreamChange &changes[])
     {
      Open(deal.symbol);
      long signed_lots=deal.Signed();
      long before=NetOf(deal.symbol);
      long after=before+signed_lots;
      if(after==0)
         MakeFlat(deal.magic);
      else
         if(CountsForItsMagic(deal))
            Change(deal.magic,signed_lots);
         else
            TakeFromHolders(deal,before,signed_lots);
      if(SignOf(before)!=SignOf(after))
        {
         if(after==0)
            ForgetOwner(deal.symbol);
         else
            SetOwner(deal.symbol,deal.magic);
        }
      return(Close(changes));
     }

   //--- takes a cancelled deal out again, given what Apply said that it changed
   int               Undo(const SDeal &deal,const SStreamChange &applied[],SStreamChange &changes[])
     {
      Open(deal.symbol);
      int total=ArraySize(applied);
      for(int i=0; i<total; i++)
         if(applied[i].symbol==deal.symbol)
            Change(applied[i].magic,applied[i].before_long-applied[i].before_short-applied[i].after_long+applied[i].after_short);
      if(NetOf(deal.symbol)==0)
         MakeFlat(deal.magic);
      return(Close(changes));
     }

   //--- books what the terminal holds in a symbol beyond the ledger to no stream; returns how many levels changed
   int               Reconcile(const string symbol,const long net,SStreamChange &changes[])
     {
      Open(symbol);
      Change(FEED_NO_STREAM,net-NetOf(symbol));
      return(Close(changes));
     }

private:
   void              Open(const string symbol)
     {
      m_symbol=symbol;
      ArrayResize(m_touched,0);
      ArrayResize(m_before,0);
     }

   void              Change(const long magic,const long signed_lots)
     {
      if(signed_lots==0)
         return;
      int total=ArraySize(m_touched);
      bool known=false;
      for(int i=0; i<total; i++)
         if(m_touched[i]==magic)
            known=true;
      if(!known)
        {
         if(ArrayResize(m_touched,total+1,16)!=total+1 || ArrayResize(m_before,total+1,16)!=total+1)
            return;
         m_touched[total]=magic;
         m_before[total]=m_levels.Net(m_symbol,magic);
        }
      m_levels.AddNet(m_symbol,magic,signed_lots);
     }

   int               Close(SStreamChange &changes[])
     {
      int total=ArraySize(m_touched);
      int count=0;
      ArrayResize(changes,total);
      for(int i=0; i<total; i++)
        {
         long now=m_levels.Net(m_symbol,m_touched[i]);
         if(now==m_before[i])
            continue;
         changes[count].symbol=m_symbol;
         changes[count].magic=m_touched[i];
         changes[count].before_long=LongOf(m_before[i]);
         changes[count].before_short=LongOf(-m_before[i]);
         changes[count].after_long=LongOf(now);
         changes[count].after_short=LongOf(-now);
         count++;
        }
      ArrayResize(changes,count);
      if(!HoldsAny(m_symbol))
         ForgetOwner(m_symbol);
      return(count);
     }

   //--- rule 1: with the account flat in the symbol, nobody can hold anything in it
   void              MakeFlat(const long first)
     {
      Change(first,-m_levels.Net(m_symbol,first));
      SStreamLevel row;
      while(m_levels.At(m_levels.First(m_symbol),row) && row.symbol==m_symbol)
         Change(row.magic,-row.Net());
     }

   //--- rule 2
   bool              CountsForItsMagic(const SDeal &deal) const
     {
      if(deal.magic==FEED_NO_STREAM || deal.IsForcedExit())
         return(false);
      return(IsListed(deal.magic) || m_levels.Net(deal.symbol,deal.magic)!=0);
     }

   //--- rules 3 and 4
   void              TakeFromHolders(const SDeal &deal,const long before,const long signed_lots)
     {
      int side=SignOf(signed_lots);
      long rest=SizeOf(signed_lots);
      long opening=0;
      if(deal.entry==FEED_ENTRY_INOUT && SignOf(before)==-side)
        {
         opening=rest-SizeOf(before);
         rest=SizeOf(before);
        }
      if(deal.entry!=FEED_ENTRY_IN)
        {
         long magic=0;
         long done[];
         while(rest>0 && NextHolder(deal,-side,done,magic))
           {
            long taken=SizeOf(m_levels.Net(m_symbol,magic));
            if(taken>rest)
               taken=rest;
            int total=ArraySize(done);
            if(ArrayResize(done,total+1,16)!=total+1)
               break;
            done[total]=magic;
            Change(magic,side*taken);
            rest-=taken;
           }
        }
      Change(FEED_NO_STREAM,side*rest);
      Change(deal.magic,side*opening);
     }

   //--- the holder on a side that comes first among those not done: rank, then size, then the lower magic
   bool              NextHolder(const SDeal &deal,const int side,const long &done[],long &magic) const
     {
      bool found=false;
      int best_rank=0;
      long best_size=0;
      SStreamLevel row;
      for(int i=m_levels.First(m_symbol); m_levels.At(i,row) && row.symbol==m_symbol; i++)
        {
         if(row.magic==FEED_NO_STREAM || SignOf(row.Net())!=side || Contains(done,row.magic))
            continue;
         int rank=RankOf(deal,row.magic);
         long size=SizeOf(row.Net());
         if(found && (rank>best_rank || (rank==best_rank && size<=best_size)))
            continue;
         found=true;
         best_rank=rank;
         best_size=size;
         magic=row.magic;
        }
      return(found);
     }

   int               RankOf(const SDeal &deal,const long magic) const
     {
      if(deal.IsForcedExit() && deal.magic!=0 && magic==deal.magic)
         return(0);
      long owner=0;
      if(OwnerOf(m_symbol,owner) && magic==owner)
         return(1);
      return(2);
     }

   bool              HoldsAny(const string symbol) const
     {
      SStreamLevel row;
      return(m_levels.At(m_levels.First(symbol),row) && row.symbol==symbol);
     }

   int               OwnerIndex(const string symbol) const
     {
      int total=ArraySize(m_owners);
      for(int i=0; i<total; i++)
         if(m_owners[i].symbol==symbol)
            return(i);
      return(-1);
     }

   void              ForgetOwner(const string symbol)
     {
      int i=OwnerIndex(symbol);
      if(i<0)
         return;
      int last=ArraySize(m_owners)-1;
      m_owners[i]=m_owners[last];
      ArrayResize(m_owners,last,16);
     }

   static bool       Contains(const long &magics[],const long magic)
     {
      int total=ArraySize(magics);
      for(int i=0; i<total; i++)
         if(magics[i]==magic)
            return(true);
      return(false);
     }

   static int        SignOf(const long value)
     {
      if(value>0)
         return(1);
      if(value<0)
         return(-1);
      return(0);
     }

   static long       SizeOf(const long value)
     {
      if(value<0)
         return(-value);
      return(value);
     }

   static long       LongOf(const long net)
     {
      if(net>0)
         return(net);
      return(0);
     }
  };

#endif
