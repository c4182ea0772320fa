//+------------------------------------------------------------------+
//| Attribution.mqh                                                  |
//| Which stream a deal belongs to and what each stream holds, for   |
//| either kind of account. Hedging: owners come from the deals,     |
//| levels only from the terminal's list. Netting: both come from    |
//| the ledger, and the list is what it is compared with.            |
//+------------------------------------------------------------------+
#ifndef CSMC_ATTRIBUTION_MQH
#define CSMC_ATTRIBUTION_MQH

#include "Context.mqh"
#include "HedgingBook.mqh"
#include "HistoryReader.mqh"
#include "NettingLedger.mqh"
#include "PositionPast.mqh"
#include "PositionReader.mqh"
#include "Session.mqh"

class CAttribution
  {
private:
   bool              m_hedging;
   bool              m_ready;
   CNettingLedger    m_ledger;
   CHedgingBook      m_book;
   CLevelTable       m_held;      // hedging: levels by the list
   CPositionReader   m_list;
   CLevelTable       m_booked;    // netting: what comparisons with the list booked to no stream
   long              m_base;      // netting: newest deal of the ledger that was taken over
   bool              m_catching_up;  // netting: not all deals above it are applied yet
   CDealMemory       m_replayed;  // streams of old deals, of the positions that were looked at lately

public:
                     CAttribution(void)
     {
      m_hedging=false;
      m_ready=false;
      m_base=0;
      m_catching_up=false;
     }

   void              Begin(const CSettings &settings,const bool hedging)
     {
      m_hedging=hedging;
      m_ready=hedging;
      m_base=0;
      m_catching_up=false;
      m_booked.Clear();
      m_ledger.Clear();
      m_ledger.ClearListed();
      int total=settings.MagicsTotal();
      for(int i=0; i<total; i++)
         m_ledger.AddListed(settings.MagicAt(i));
      m_book.Clear();
      m_held.Clear();
      m_list.Clear();
     }

   bool              IsHedging(void) const { return(m_hedging); }

   //--- netting: there is a ledger to go on from
   bool              IsReady(void) const { return(m_ready); }
   void              SetCaughtUp(void) { m_catching_up=false; }

   //--- Netting: is a deal that was not seen before in the ledger that was taken over? Up to its newest ticket it is, unless the deal became
   //--- visible late and explains what positions and deals lack to each other.
   bool              IsInBase(const SDeal &deal)
     {
      if(m_hedging || deal.ticket>m_base)
         return(false);
      if(m_catching_up || !m_list.Read())
         return(true);
      long open=m_list.NetOf(deal.symbol)-m_ledger.NetOf(deal.symbol)+m_booked.Net(deal.symbol,0);
      return(!(MathAbs(open-deal.Signed())<MathAbs(open)));
     }

   //--- Netting, an Expert Advisor that was started anew: takes the host's ledger, or at first contact makes one from the deals of the
   //--- open positions (what a symbol's streams hold depends on nothing that happened before it was last flat). So it does when the host's
   //--- ledger comes from lines alone: a line's level may hold deals that were never recorded, and they would be counted twice. newest:
   //--- largest ticket visible.
   bool              TakeBase(CContext &c,const CSession &session,const long newest,CDealMemory &memory)
     {
      if(!m_list.Read())
         return(false);
      m_ledger.Clear();
      memory.Clear();
      long deal=session.LedgerDeal();
      long largest=0;
      SResumePoint point;
      for(int i=0; session.ResumeAt(i,point); i++)
         if(point.deal>largest)
            largest=point.deal;
      bool first=(session.LedgerDeal()==0 && (largest>0 || session.LedgerTotal()==0));
      SStreamLevel row;
      SPosition position;
      if(first)
        {
         for(int i=0; m_list.At(i,position); i++)
            if(!ApplyPosition(position.id,memory))
               return(false);
        }
      else
        {
         for(int i=0; session.LedgerAt(i,row); i++)
            m_ledger.Resume(row.symbol,row.magic,row.long_lots,row.short_lots);
         ResumeOwners(deal);
        }
      m_base=deal;
      if(first)
         m_base=newest;
      m_booked.Clear();
      m_catching_up=true;
      m_ready=true;
      if(first && m_list.Total()>0)
         c.log.Information("First contact: what the streams hold was made from the deals of the open positions");
      return(true);
     }

   //--- What a new deal changed. False: the position's opening deal is not visible yet, and nothing was applied. Streams in order of
   //--- attribution; on hedging accounts its owner even when no level changed.
   bool              Apply(const SDeal &deal,long &stream,SStreamChange &changes[])
     {
      stream=FEED_NO_STREAM;
      if(!m_hedging)
        {
         m_ledger.Apply(deal,changes);
         stream=FirstListed(changes);
         return(true);
        }
      SKnownDeal known;
      long owner=0;
      ArrayResize(changes,0);
      if(!m_replayed.Find(deal.ticket,known))
        {
         bool opens=(deal.entry==FEED_ENTRY_IN && (deal.order==deal.position || deal.position<=0) && !m_book.OwnerOf(deal.position,owner));
         if(opens || m_book.IsInOrder(deal))
           {
            m_book.Apply(deal,changes);
            known.stream=FEED_NO_STREAM;
            if(m_book.OwnerOf(deal.position,owner) && m_ledger.IsListed(owner))
               known.stream=owner;
           }
         else
            if(!LearnPosition(deal.position) || !m_replayed.Find(deal.ticket,known))
               return(false);
        }
      stream=known.stream;
      return(m_book.OwnerOf(deal.position,owner));
     }

   void              Undo(const SDeal &deal,const SStreamChange &applied[])
     {
      SStreamChange undone[];
      if(!m_hedging)
         m_ledger.Undo(deal,applied,undone);
      else
         LearnPosition(deal.position);
     }

   //--- the stream of a deal that is older than what the books follow; false: not known yet
   bool              HistoricStream(const SDeal &deal,long &stream)
     {
      SKnownDeal known;
      stream=FEED_NO_STREAM;
      if(!m_replayed.Find(deal.ticket,known))
        {
         bool learnt=false;
         if(m_hedging)
            learnt=LearnPosition(deal.position);
         else
           {
            CHedgingBook none;
            CNettingLedger ledger;
            CopyListed(ledger);
            learnt=Replay(deal.position,none,ledger);
           }
         if(!learnt || !m_replayed.Find(deal.ticket,known))
            return(deal.position<=0);
        }
      stream=known.stream;
      return(true);
     }

   //--- hedging: deals of positions that were learnt anew, with their streams
   bool              ReplayedAt(const int index,SKnownDeal &known) const { return(m_hedging && m_replayed.At(index,known)); }

   //--- netting: the ledger that was taken over is no longer good, another has to be taken
   void              DropBase(void) { m_ready=m_hedging; }

   //--- a reading of the history is done: the next one may show more deals of a position
   void              ForgetReplays(void) { m_replayed.Clear(); }

   //--- reads the terminal's list; false: it could not be read in one piece
   bool              ReadPositions(void)
     {
      if(!m_list.Read())
         return(false);
      if(!m_hedging)
         return(true);
      m_held.Clear();
      SPosition position;
      for(int i=0; m_list.At(i,position); i++)
        {
         long owner=OwnerOfListed(position);
         if(position.side==FEED_BUY)
            m_held.Add(position.symbol,owner,position.lots,0);
         else
            m_held.Add(position.symbol,owner,0,position.lots);
        }
      return(true);
     }

   int               ListedPositions(void) const { return(m_list.Total()); }
   bool              PositionAt(const int index,SPosition &position) const { return(m_list.At(index,position)); }
   ulong             Fingerprint(void) const { return(m_list.Fingerprint()); }

   void              LevelOf(const long magic,const string symbol,long &long_lots,long &short_lots) const
     {
      if(m_hedging)
         m_held.Get(symbol,magic,long_lots,short_lots);
      else
         m_ledger.LevelOf(magic,symbol,long_lots,short_lots);
     }

   //--- the rows of a snapshot: hedging the listed magics', netting all, with -1
   void              Levels(CLevelTable &table) const
     {
      SStreamLevel row;
      table.Clear();
      if(!m_hedging)
        {
         for(int i=0; m_ledger.At(i,row); i++)
            table.Put(row.symbol,row.magic,row.long_lots,row.short_lots);
         return;
        }
      for(int i=0; m_held.At(i,row); i++)
         if(m_ledger.IsListed(row.magic))
            table.Put(row.symbol,row.magic,row.long_lots,row.short_lots);
     }

   //--- what the account holds in each symbol; the magic is of no meaning
   void              Totals(CLevelTable &table) const
     {
      SPosition position;
      table.Clear();
      for(int i=0; m_list.At(i,position); i++)
        {
         long signed_lots=position.lots;
         if(position.side!=FEED_BUY)
            signed_lots=-position.lots;
         if(!m_hedging)
            table.AddNet(position.symbol,0,signed_lots);
         else
            if(position.side==FEED_BUY)
               table.Add(position.symbol,0,position.lots,0);
            else
               table.Add(position.symbol,0,0,position.lots);
        }
     }

   //--- Do the list that was read and the deals tell the same? Hedging: no position is gone without a deal or a person's word. Netting: the
   //--- sums are equal.
   bool              Agrees(const CSettings &settings)
     {
      if(!m_hedging)
         return(!DiffersAnywhere());
      bool same=true;
      SHeldPosition held;
      for(int i=0; m_book.PositionAt(i,held); i++)
        {
         if(held.lots==0 || m_list.HasId(held.id))
            continue;
         if(settings.IsRemoved(held.id) || CPositionPast::IsClosed(held.id))
            m_book.End(held.id);
         else
            same=false;
        }
      return(same);
     }

   //--- hedging: the positions that are open by their deals and not in the list; returns how many
   int               Gone(long &gone[]) const
     {
      SHeldPosition held;
      ArrayResize(gone,0);
      for(int i=0; m_book.PositionAt(i,held); i++)
        {
         int total=ArraySize(gone);
         if(held.lots>0 && !m_list.HasId(held.id) && ArrayResize(gone,total+1,16)==total+1)
            gone[total]=held.id;
        }
      return(ArraySize(gone));
     }

   //--- The list is believed: hedging forgets the positions that are gone, netting books the difference to no stream and says so.
   void              Believe(CContext &c)
     {
      if(m_hedging)
        {
         long gone[];
         int count=Gone(gone);
         for(int i=0; i<count; i++)
            m_book.End(gone[i]);
         return;
        }
      CLevelTable totals;
      Totals(totals);
      SStreamLevel row;
      for(int i=0; totals.At(i,row); i++)
         Book(c,row.symbol,row.Net());
      bool again=true;
      while(again && !IsStopped())
        {
         again=false;
         for(int i=0; m_ledger.At(i,row) && !again; i++)
            if(totals.NetOf(row.symbol)==0 && m_ledger.NetOf(row.symbol)!=0)
              {
               Book(c,row.symbol,0);
               again=true;
              }
        }
     }

private:
   void              Book(CContext &c,const string symbol,const long net)
     {
      SStreamChange changes[];
      long before=m_ledger.NetOf(symbol);
      if(m_ledger.Reconcile(symbol,net,changes)==0)
         return;
      m_booked.AddNet(symbol,0,net-before);
      c.log.Warning("The account holds "+CLots::Text(net)+" lots in "+symbol+", its deals explain "+CLots::Text(before)
                    +": the difference belongs to no stream and is not copied");
     }

   bool              DiffersAnywhere(void) const
     {
      CLevelTable totals;
      Totals(totals);
      SStreamLevel row;
      for(int i=0; totals.At(i,row); i++)
         if(m_ledger.NetOf(row.symbol)!=row.Net())
            return(true);
      for(int i=0; m_ledger.At(i,row); i++)
         if(m_ledger.NetOf(row.symbol)!=totals.NetOf(row.symbol))
            return(true);
      return(false);
     }

   long              FirstListed(const SStreamChange &changes[]) const
     {
      int total=ArraySize(changes);
      for(int i=0; i<total; i++)
         if(m_ledger.IsListed(changes[i].magic))
            return(changes[i].magic);
      return(FEED_NO_STREAM);
     }

   void              CopyListed(CNettingLedger &other) const
     {
      other.ClearListed();
      long magic=0;
      for(int i=0; m_ledger.ListedAt(i,magic); i++)
         other.AddListed(magic);
     }

   //--- whose the positions in a ledger are that was taken over, as of its newest deal; the terminal's word where the history does not tell
   void              ResumeOwners(const long newest)
     {
      SPosition position;
      for(int i=0; m_list.At(i,position); i++)
         m_ledger.SetOwner(position.symbol,position.magic);
      SStreamLevel row;
      string before="";
      for(int i=0; m_ledger.At(i,row); i++)
        {
         long owner=0;
         if(row.symbol!=before && CPositionPast::OwnerAsOf(row.symbol,newest,owner))
            m_ledger.SetOwner(row.symbol,owner);
         before=row.symbol;
        }
     }

   //--- first contact: the ledger gets all deals of an open position
   bool              ApplyPosition(const long id,CDealMemory &memory)
     {
      SDeal deals[];
      SStreamChange changes[];
      if(!CHistoryReader::ReadPosition(id,deals))
         return(false);
      int total=ArraySize(deals);
      for(int i=0; i<total; i++)
        {
         if(deals[i].canceled)
            continue;
         m_ledger.Apply(deals[i],changes);
         memory.PutChanges(deals[i].ticket,changes);
        }
      return(true);
     }

   //--- applies all deals of a position to a book or ledger and notes which stream each changed
   bool              Replay(const long id,CHedgingBook &book,CNettingLedger &ledger)
     {
      SDeal deals[];
      SStreamChange changes[];
      if(!CHistoryReader::ReadPosition(id,deals))
         return(false);
      //--- only now: what cannot be read is not forgotten either
      book.Remove(id);
      int total=ArraySize(deals);
      for(int i=0; i<total; i++)
        {
         long stream=FEED_NO_STREAM;
         if(!deals[i].canceled)
           {
            if(m_hedging)
              {
               long owner=0;
               book.Apply(deals[i],changes);
               if(book.OwnerOf(id,owner) && m_ledger.IsListed(owner))
                  stream=owner;
              }
            else
              {
               ledger.Apply(deals[i],changes);
               stream=FirstListed(changes);
              }
           }
         m_replayed.Put(deals[i].ticket,deals[i].time_msc,stream,deals[i].canceled);
        }
      return(true);
     }

   //--- Hedging, a position that was not known, or one whose deals became visible out of order: all of them again
   bool              LearnPosition(const long id)
     {
      CNettingLedger none;
      return(Replay(id,m_book,none));
     }

   long              OwnerOfListed(const SPosition &position)
     {
      long owner=position.magic;
      if(m_book.IsOpen(position.id))
        {
         m_book.OwnerOf(position.id,owner);
         return(owner);
        }
      bool known=m_book.OwnerOf(position.id,owner);
      if(!known && LearnPosition(position.id))
         known=m_book.OwnerOf(position.id,owner);
      //--- closed by its deals, but still listed: the list is behind
      if(known)
         return(owner);
      m_book.Resume(position.id,position.magic,position.symbol,position.side,position.lots,true);
      return(position.magic);
     }
  };

#endif
