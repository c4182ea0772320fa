//+------------------------------------------------------------------+
//| PanelLayout.mqh                                                  |
//| Where everything on the panel stands, for a size of chart and a  |
//| screen resolution. Pure: it draws nothing.                       |
//+------------------------------------------------------------------+
#ifndef CSMC_PANEL_LAYOUT_MQH
#define CSMC_PANEL_LAYOUT_MQH

#include "PanelModel.mqh"

#define CSMC_PANEL_LABEL_MAX     63     // characters that a label or a button shows
#define CSMC_PANEL_TOOLTIP_MAX   250
#define CSMC_PANEL_ERROR_LINES   3
#define CSMC_PANEL_FONT          "Consolas"
#define CSMC_PANEL_POINTS        9

enum ENUM_PANEL_ITEM
  {
   PANEL_ITEM_BACKGROUND=0,
   PANEL_ITEM_TEXT=1,
   PANEL_ITEM_BUTTON=2
  };

// One chart object, in pixels from the chart's upper left corner.
struct SPanelItem
  {
   string            name;
   ENUM_PANEL_ITEM   kind;
   int               x;
   int               y;
   int               width;
   int               height;
   string            text;
   string            tooltip;      // the whole text where `text` is cut
   color             ink;
   color             paper;
   ulong             number;       // button: the row that it belongs to
   bool              resume;       // button: what it asks for
   bool              enabled;      // button
  };

class CPanelLayout
  {
private:
   SPanelItem        m_items[];
   int               m_dpi;
   int               m_left;
   int               m_inner;
   int               m_y;
   int               m_line;

public:
                     CPanelLayout(void)
     {
      m_dpi=96;
      m_left=0;
      m_inner=0;
      m_y=0;
      m_line=0;
     }

   int               Total(void) const
     {
      return(ArraySize(m_items));
     }

   // `index` is below Total().
   void              Read(const int index,SPanelItem &item) const
     {
      if(index>=0 && index<ArraySize(m_items))
         item=m_items[index];
     }

   // What does not fit is left out.
   void              Build(const CPanelModel &model,const string title,const int chartWidth,const int chartHeight,const int dpi)
     {
      ArrayResize(m_items,0);
      m_dpi=(dpi<48 || dpi>960) ? 96 : dpi;
      int margin=Scaled(8);
      int top=Scaled(22);   // below the chart's own first line
      int pad=Scaled(8);
      m_line=Scaled(20);
      int width=MathMin(Scaled(560),chartWidth-2*margin);
      m_inner=width-2*pad;
      int lines=(chartHeight-top-margin-2*pad)/m_line;
      if(m_inner<Scaled(40) || lines<1)
         return;

      // First a line of the error, then the rows with their buttons, then what is left of the error, then the licence.
      string errors[];
      string error=model.ErrorText();
      int wantedErrors=SplitError(error,CSMC_PANEL_ERROR_LINES,errors);
      int rest=MathMax(0,lines-2);
      int errorLines=(wantedErrors>0 && rest>(model.Total()>0 ? 1 : 0)) ? 1 : 0;
      rest-=errorLines;
      int rows=model.Total();
      bool more=model.Overflow();
      if(rows+(more ? 1 : 0)>rest)
        {
         more=rest>0;
         rows=MathMax(0,rest-1);
        }
      rest-=rows+(more ? 1 : 0);
      if(errorLines>0)
        {
         int further=MathMin(wantedErrors-1,rest);
         errorLines+=further;
         rest-=further;
         SplitError(error,errorLines,errors);
        }
      bool licence=rest>0;
      int used=1+(lines>1 ? 1 : 0)+errorLines+rows+(more ? 1 : 0)+(licence ? 1 : 0);

      m_left=margin+pad;
      m_y=top+pad;
      AddBackground(margin,top,width,used*m_line+2*pad);
      AddLine("title",title,C'240,240,240');
      if(licence)
         AddLine("licence",LicenceText(model),C'160,160,160');
      if(lines>1)
         AddLine("line",model.Line(),model.Healthy() ? C'110,200,120' : C'240,190,80');
      for(int i=0; i<rows; i++)
         AddRow(model,i);
      if(more)
         AddLine("more","+ "+IntegerToString(model.Total()-rows)+" more"+(model.Overflow() ? ", and others that the panel cannot hold" : ""),C'160,160,160');
      for(int i=0; i<errorLines; i++)
         AddText("error"+IntegerToString(i),m_left,m_inner,errors[i],error,C'255,120,110',true);
     }

   // Width of a text in pixels: an upper limit for a font of fixed width, with full-width characters counted double.
   int               WidthOf(const string text) const
     {
      long hundredths=0;
      int length=StringLen(text);
      for(int i=0; i<length; i++)
         hundredths+=AdvanceOf(StringGetCharacter(text,i));
      return((int)((hundredths+99)/100));
     }

   // As much of the text as fits.
   string            Fit(const string text,const int width) const
     {
      if(StringLen(text)<=CSMC_PANEL_LABEL_MAX && WidthOf(text)<=width)
         return(text);
      int keep=FitCount(text,0,width-WidthOf(ShortToString(0x2026)),CSMC_PANEL_LABEL_MAX-1);
      return(keep<1 ? "" : StringSubstr(text,0,keep)+ShortToString(0x2026));
     }

private:
   int               Scaled(const int pixels) const
     {
      return(pixels*m_dpi/96);
     }

   // Hundredths of a pixel. Points grow with the resolution by themselves, pixels do not.
   long              AdvanceOf(const ushort c) const
     {
      long em=(long)CSMC_PANEL_POINTS*m_dpi*100/72;
      return(c<0x1100 || c==0x2026 ? em*60/100 : em*110/100);
     }

   // How many characters from `from` on fit; no surrogate pair is cut in two.
   int               FitCount(const string text,const int from,const int width,const int longest) const
     {
      long left=(long)width*100;
      int length=StringLen(text);
      int count=0;
      while(from+count<length && count<longest)
        {
         left-=AdvanceOf(StringGetCharacter(text,from+count));
         if(left<0)
            break;
         count++;
        }
      if(count>0 && from+count<length)
        {
         ushort last=StringGetCharacter(text,from+count-1);
         if(last>=0xD800 && last<0xDC00)
            count--;
        }
      return(count);
     }

   // An error tells people what to do, so it may take several lines, broken at blanks.
   int               SplitError(const string error,const int most,string &lines[]) const
     {
      ArrayResize(lines,0);
      int from=0;
      int length=StringLen(error);
      while(from<length && ArraySize(lines)<most)
        {
         int total=ArraySize(lines);
         ArrayResize(lines,total+1);
         int count=FitCount(error,from,m_inner,CSMC_PANEL_LABEL_MAX);
         if(from+count>=length || count<1 || total==most-1)
           {
            lines[total]=Fit(StringSubstr(error,from),m_inner);
            break;
           }
         int blank=count;
         while(blank>count/2 && StringGetCharacter(error,from+blank)!=' ')
            blank--;
         if(blank>count/2)
            count=blank;
         lines[total]=StringSubstr(error,from,count);
         from+=count;
         while(from<length && StringGetCharacter(error,from)==' ')
            from++;
        }
      return(ArraySize(lines));
     }

   static string     LicenceText(const CPanelModel &model)
     {
      string host=StringLen(model.HostVersion())==0 ? "Host: not known yet" : "Host "+model.HostVersion();
      return(host+"   License "+(StringLen(model.Licence())==0 ? "MIT" : model.Licence()));
     }

   void              AddBackground(const int x,const int y,const int width,const int height)
     {
      int i=Grow("background",PANEL_ITEM_BACKGROUND,x,y,width,height);
      m_items[i].paper=C'32,36,42';
     }

   void              AddLine(const string name,const string text,const color ink)
     {
      AddText(name,m_left,m_inner,text,text,ink,true);
     }

   // A text that is empty or does not fit at all has no object.
   void              AddText(const string name,const int x,const int width,const string text,const string whole,const color ink,const bool endsLine)
     {
      string shown=Fit(text,width);
      if(StringLen(shown)>0)
        {
         int i=Grow(name,PANEL_ITEM_TEXT,x,m_y+Scaled(2),width,m_line-Scaled(2));
         m_items[i].text=shown;
         m_items[i].tooltip=(shown==whole ? "" : CPlainText::Cut(whole,CSMC_PANEL_TOOLTIP_MAX));
         m_items[i].ink=ink;
        }
      if(endsLine)
         m_y+=m_line;
     }

   // Name, state, button. A narrow chart loses the state's text first, then the name; the button stays.
   void              AddRow(const CPanelModel &model,const int row)
     {
      string number=IntegerToString((long)model.Number(row));
      int gap=Scaled(6);
      int button=MathMin(Scaled(76),m_inner);
      int rest=m_inner-button-gap;
      int name=MathMin(Scaled(200),rest*2/5);
      int state=rest-gap-name;
      if(state<Scaled(50))
        {
         name=rest;
         state=0;
        }
      color ink=model.Healthy() ? StateInk(model.State(row)) : C'130,130,130';
      string venue=model.Connector(row)+" ("+model.Venue(row)+")";
      if(name>=Scaled(24))
         AddText("name"+number,m_left,name,venue,venue,model.Healthy() ? C'220,220,220' : C'130,130,130',false);
      if(state>0)
        {
         string text=model.StateText(row);
         AddText("state"+number,m_left+name+gap,state,text,text,ink,false);
        }
      AddButton(model,row,m_left+m_inner-button,button);
      m_y+=m_line;
     }

   void              AddButton(const CPanelModel &model,const int row,const int x,const int width)
     {
      bool resume=model.OffersResume(row);
      string text=resume ? "Resume" : "Pause";
      color paper=resume ? C'190,50,45' : C'35,135,60';
      if(model.Requested(row))
        {
         text=model.Resuming(row) ? "Resuming" : "Pausing";
         paper=C'110,110,110';
        }
      int i=Grow("button"+IntegerToString((long)model.Number(row)),PANEL_ITEM_BUTTON,x,m_y+Scaled(1),width,m_line-Scaled(2));
      m_items[i].text=Fit(text,width);
      m_items[i].tooltip=(model.Requested(row) ? "Waiting for the host" : text+" "+CPlainText::Cut(model.Connector(row),64));
      m_items[i].ink=C'255,255,255';
      m_items[i].paper=paper;
      m_items[i].number=model.Number(row);
      m_items[i].resume=resume;
      m_items[i].enabled=!model.Requested(row);
     }

   static color      StateInk(const string state)
     {
      if(state=="running")
         return(C'110,200,120');
      if(state=="faulted")
         return(C'255,120,110');
      return(C'240,190,80');
     }

   int               Grow(const string name,const ENUM_PANEL_ITEM kind,const int x,const int y,const int width,const int height)
     {
      int i=ArraySize(m_items);
      ArrayResize(m_items,i+1,CSMC_PANEL_ROWS*3+8);
      m_items[i].name=name;
      m_items[i].kind=kind;
      m_items[i].x=x;
      m_items[i].y=y;
      m_items[i].width=width;
      m_items[i].height=height;
      m_items[i].text="";
      m_items[i].tooltip="";
      m_items[i].ink=C'255,255,255';
      m_items[i].paper=C'32,36,42';
      m_items[i].number=0;
      m_items[i].resume=false;
      m_items[i].enabled=false;
      return(i);
     }
  };

#endif
