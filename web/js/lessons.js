// What to look at first: addresses of the page, each with a question.
export const LESSONS = [
  {
    title: "Router and splitter",
    hash: "#a=max&b=avg&grid=4x4&mode=backward&step=3",
    text: "Where does the gradient go? Max leaves 12 of 16 inputs with nothing, average none.",
  },
  {
    title: "Overlapping windows",
    hash: "#a=max&grid=6x6&kernel=3&padding=1&mode=backward&step=8",
    text: "Nine windows, five winners: gradients of shared winners add up.",
  },
  {
    title: "A lost edge",
    hash: "#a=max&grid=7x7&step=8",
    text: "7 is odd. The largest number stands in the last row, and no window sees it.",
  },
  {
    title: "ceil_mode",
    hash: "#a=avg&grid=7x7&ceil=true&step=15",
    text: "Rounding up brings the edge back; the overhang is not counted.",
  },
  {
    title: "Padding and the divisor",
    hash: "#a=avg&b=avg&b.count_include_pad=false&grid=1+1+1+1;+1+1+1+1;+1+1+1+1;+1+1+1+1&padding=1",
    text: "A map of ones: with padding in the divisor the corner is 0.25, without it 1.",
  },
  {
    title: "Padding is not zero",
    hash: "#a=max&grid=-1+-3+-2+-4;+-5+-6+-1+-2;+-7+-2+-3+-1;+-4+-8+-5+-6&padding=1",
    text: "All numbers are negative, and so are the maxima: max pads with −∞.",
  },
  {
    title: "From average to max",
    hash: "#a=lp&a.norm_type=8&b=max&grid=4x4",
    text: "Raise p and compare: at 32 the norm is the maximum but for a few digits.",
  },
  {
    title: "A gate that looks",
    hash: "#a=gated&a.filter=0.5,-0.5,0.5,-0.5&b=mixed&grid=4+1+1+4;+3+2+2+3;+4+1+1+4;+3+2+2+3&step=1",
    text: "Mixed pooling treats all windows alike. Here large cells on the left open the gate for the maximum, on the right they close it.",
  },
  {
    title: "Ties",
    hash: "#a=max&grid=0+0+2+2;+0+0+2+2;+3+0+0+1;+0+3+1+0&mode=backward",
    text: "Equal numbers: the first one takes the whole gradient, in a window of zeros too.",
  },
  {
    title: "Pooling or stride 2",
    hash: "#a=max&b=conv&grid=6x6&step=4",
    text: "The same size out of 6×6. The convolution sees more, and its weights are learned.",
  },
  {
    title: "One step to the right",
    hash: "#a=max&b=max_blur&grid=0+0+0+9+0+0+0;+0+0+0+9+0+0+0;+0+0+0+9+0+0+0;+0+0+0+9+0+0+0",
    text: "Move the line one column to the right: max pooling goes from 0 9 0 to 0 0 9, the blurred maxima from 0 6.75 2.25 to 0 2.25 6.75.",
  },
  {
    title: "Bins that overlap",
    hash: "#a=adaptive_avg&a.out_h=3&a.out_w=3&grid=7x7&step=4",
    text: "7 into 3: bins 0–2, 2–4, 4–6 share their edges.",
  },
];
