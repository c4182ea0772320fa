//+------------------------------------------------------------------+
//| Panel.mqh                                                        |
//| Keeps the chart's objects in line with the layout: only what     |
//| changed is touched, and everything goes at the end.              |
//+------------------------------------------------------------------+
#ifndef CSMC_PANEL_MQH
#define CSMC_PANEL_MQH

#include "PanelLayout.mqh"

#define CSMC_PANEL_LOOK_MS   2000   // how often the chart's size is read without a reason: the read waits for the chart

class CPanel
  {
private:
   string            m_title;
   string            m_prefix;
   SPanelItem        m_shown[];
   CPanelLayout      m_layout;
   ulong             m_revision;
   int               m_width;
   int               m_height;
   int               m_dpi;
   ulong             m_lookAt;
   bool              m_stale;

public:
                     CPanel(void)
     {
      m_title="";
      m_prefix="";
      Forget();
     }

   // Objects that an earlier run left behind (the terminal ended in the middle) are removed.
   void              Begin(const string title)
     {
      m_title=title;
      m_prefix="CSMC"+IntegerToString(ChartID())+"_";
      Forget();
      ObjectsDeleteAll(0,m_prefix);
     }

   // Cheap when nothing changed.
   void              Update(CPanelModel &model)
     {
      if(StringLen(m_prefix)==0)
         return;
      model.ExpireRequests();
      ulong now=GetTickCount64();
      if(now>=m_lookAt)
        {
         m_lookAt=now+(ulong)CSMC_PANEL_LOOK_MS;
         LookAtChart();
        }
      if(!m_stale && model.Revision()==m_revision)
         return;
      m_stale=false;
      m_revision=model.Revision();
      m_layout.Build(model,m_title,m_width,m_height,m_dpi);
      Draw();
     }

   // The chart changed: look again at the next update.
   void              OnChartChange(void)
     {
      m_lookAt=0;
     }

   // True when the click is a request; it means what the button showed when it was clicked. The button springs back:
   // what it shows next is what the host confirms.
   bool              OnClick(const string objectName,const CPanelModel &model,string &connector,bool &resume)
     {
      if(StringLen(m_prefix)==0 || StringFind(objectName,m_prefix+"button")!=0)
         return(false);
      ObjectSetInteger(0,objectName,OBJPROP_STATE,false);
      ChartRedraw(0);
      int total=ArraySize(m_shown);
      for(int i=0; i<total; i++)
         if(m_shown[i].kind==PANEL_ITEM_BUTTON && m_prefix+m_shown[i].name==objectName)
           {
            int row=model.RowOfNumber(m_shown[i].number);
            if(row<0 || !m_shown[i].enabled || model.Requested(row))
               return(false);
            connector=model.Connector(row);
            resume=m_shown[i].resume;
            return(true);
           }
      return(false);
     }

   // For every reason. When the chart or the inputs change, the panel comes back at once, so the chart is not drawn without it.
   void              End(const int reason)
     {
      if(StringLen(m_prefix)==0)
         return;
      ObjectsDeleteAll(0,m_prefix);
      if(reason!=REASON_CHARTCHANGE && reason!=REASON_PARAMETERS)
         ChartRedraw(0);
      m_prefix="";
      Forget();
     }

private:
   void              Forget(void)
     {
      ArrayResize(m_shown,0);
      m_revision=0;
      m_width=0;
      m_height=0;
      m_dpi=96;
      m_lookAt=0;
      m_stale=true;
     }

   void              LookAtChart(void)
     {
      int width=(int)ChartGetInteger(0,CHART_WIDTH_IN_PIXELS);
      int height=(int)ChartGetInteger(0,CHART_HEIGHT_IN_PIXELS,0);
      int dpi=(int)TerminalInfoInteger(TERMINAL_SCREEN_DPI);
      if(width!=m_width || height!=m_height || dpi!=m_dpi)
         m_stale=true;
      m_width=width;
      m_height=height;
      m_dpi=dpi;
      // Somebody removed the objects: a template, another program, a hand. All anew, the background first, so that it lies below.
      int total=ArraySize(m_shown);
      for(int i=0; i<total; i++)
         if(ObjectFind(0,m_prefix+m_shown[i].name)<0)
           {
            ObjectsDeleteAll(0,m_prefix);
            ArrayResize(m_shown,0);
            m_stale=true;
            return;
           }
     }

   void              Draw(void)
     {
      int before=ArraySize(m_shown);
      int total=m_layout.Total();
      for(int i=0; i<before; i++)
         if(InLayout(m_shown[i].name)<0)
            ObjectDelete(0,m_prefix+m_shown[i].name);
      for(int i=0; i<total; i++)
        {
         SPanelItem item;
         m_layout.Read(i,item);
         int old=InShown(item.name);
         if(old<0)
            Create(item);
         if(old<0 || Differs(item,m_shown[old]))
            Dress(item);
        }
      ArrayResize(m_shown,total);
      for(int i=0; i<total; i++)
         m_layout.Read(i,m_shown[i]);
      ChartRedraw(0);
     }

   int               InLayout(const string name) const
     {
      int total=m_layout.Total();
      for(int i=0; i<total; i++)
        {
         SPanelItem item;
         m_layout.Read(i,item);
         if(item.name==name)
            return(i);
        }
      return(-1);
     }

   int               InShown(const string name) const
     {
      int total=ArraySize(m_shown);
      for(int i=0; i<total; i++)
         if(m_shown[i].name==name)
            return(i);
      return(-1);
     }

   static bool       Differs(const SPanelItem &a,const SPanelItem &b)
     {
      return(a.x!=b.x || a.y!=b.y || a.width!=b.width || a.height!=b.height || a.text!=b.text || a.tooltip!=b.tooltip || a.ink!=b.ink || a.paper!=b.paper);
     }

   void              Create(const SPanelItem &item)
     {
      string name=m_prefix+item.name;
      ENUM_OBJECT type=OBJ_LABEL;
      if(item.kind==PANEL_ITEM_BACKGROUND)
         type=OBJ_RECTANGLE_LABEL;
      if(item.kind==PANEL_ITEM_BUTTON)
         type=OBJ_BUTTON;
      ObjectCreate(0,name,type,0,0,0);
      ObjectSetInteger(0,name,OBJPROP_CORNER,CORNER_LEFT_UPPER);
      ObjectSetInteger(0,name,OBJPROP_BACK,false);
      ObjectSetInteger(0,name,OBJPROP_SELECTABLE,false);
      ObjectSetInteger(0,name,OBJPROP_HIDDEN,true);
      ObjectSetInteger(0,name,OBJPROP_ZORDER,item.kind==PANEL_ITEM_BUTTON ? 1 : 0);
      if(item.kind==PANEL_ITEM_TEXT)
         ObjectSetInteger(0,name,OBJPROP_ANCHOR,ANCHOR_LEFT_UPPER);
      if(item.kind==PANEL_ITEM_BACKGROUND)
        {
         ObjectSetInteger(0,name,OBJPROP_BORDER_TYPE,BORDER_FLAT);
         return;
        }
      ObjectSetString(0,name,OBJPROP_FONT,CSMC_PANEL_FONT);
      ObjectSetInteger(0,name,OBJPROP_FONTSIZE,CSMC_PANEL_POINTS);
     }

   void              Dress(const SPanelItem &item)
     {
      string name=m_prefix+item.name;
      ObjectSetInteger(0,name,OBJPROP_XDISTANCE,item.x);
      ObjectSetInteger(0,name,OBJPROP_YDISTANCE,item.y);
      ObjectSetString(0,name,OBJPROP_TOOLTIP,StringLen(item.tooltip)==0 ? "\n" : item.tooltip);   // "\n" = none
      if(item.kind!=PANEL_ITEM_BACKGROUND)
        {
         ObjectSetString(0,name,OBJPROP_TEXT,item.text);
         ObjectSetInteger(0,name,OBJPROP_COLOR,item.ink);
        }
      if(item.kind==PANEL_ITEM_TEXT)
         return;
      ObjectSetInteger(0,name,OBJPROP_XSIZE,item.width);
      ObjectSetInteger(0,name,OBJPROP_YSIZE,item.height);
      ObjectSetInteger(0,name,OBJPROP_BGCOLOR,item.paper);
      if(item.kind==PANEL_ITEM_BUTTON)
         ObjectSetInteger(0,name,OBJPROP_BORDER_COLOR,item.paper);
     }
  };

#endif
