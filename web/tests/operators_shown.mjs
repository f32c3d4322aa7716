// Addresses that show every operator of the page at work: with the usual window, and with what is
// unusual about it.
import { OPERATORS } from "../js/operators.js";

// What a network learns is at its start in the terminal, so these have no command.
export const LEARNED = [
  "#a=conv",
  "#a=mixed&a.share=0.25&grid=6x6",
  "#a=gated&a.filter=0.5,-0.25,0.125,-1&a.stride=1&a.padding=1&grid=6x6",
  "#a=scaled_avg&a.weight=-1.5&a.bias=0.75&grid=7x7&kernel=3x2&padding=1",
];

const UNUSUAL = [
  "#a=max&grid=6x6&kernel=3&stride=2&padding=1",
  "#a=max&grid=7x7&kernel=2x3&stride=3x2&padding=0x1&dilation=2x1&ceil=true",
  "#a=avg&a.count_include_pad=false&grid=7x7&kernel=3&stride=2&padding=1&ceil=true",
  "#a=lp&a.norm_type=3&grid=6x6&kernel=2x3",
  "#a=lp&a.form=sum&a.norm_type=1.5",
  "#a=lp&a.form=gaussian&a.norm_type=3&a.sigma=1.2&grid=7x7&kernel=3x2&padding=1x0&ceil=true",
  "#a=gem&a.p=2.5&a.eps=1.5&grid=6x6&kernel=6",
  "#a=gem&grid=-1+2+0;+3+-4+1&kernel=2x1&padding=1x0",
  "#a=gated&a.stride=1&a.padding=1&grid=6x6",
  "#a=scaled_avg&grid=7x7&kernel=3&stride=2&padding=1&ceil=true",
  "#a=lse&a.beta=2.5&grid=6x6&kernel=3x2&padding=1",
  "#a=soft&a.beta=0.5&grid=7x7",
  "#a=stochastic&a.phase=eval&grid=6x6",
  "#a=stochastic&a.probability=softmax&a.seed=7&grid=7x7&kernel=3",
  "#a=stochastic&a.phase=eval&a.probability=softmax&grid=7x7&kernel=3&padding=1",
  "#a=fractional&a.regions=disjoint&a.sequence=random&a.seed=3&a.out_h=4&a.out_w=5&grid=7x7",
  "#a=fractional&a.regions=overlapping&a.seed=9&a.out_h=4&a.out_w=4&grid=6x6",
  "#a=adaptive_avg&a.out_h=3&a.out_w=5&grid=7x7",
  "#a=adaptive_max&a.out_h=1&a.out_w=1&grid=6x6",
  "#a=blur&a.filter_size=4&a.stride=3&grid=7x7",
  "#a=max_blur&a.kernel_size=3&a.filter_size=5&a.stride=1&grid=7x7",
  "#a=max_blur&a.kernel_size=2&a.filter_size=4&a.stride=3&grid=6x6",
  "#a=max&grid=-1+-3.25;+-2+-5&a.dy=-2.5",
];

export const ADDRESSES = [
  ...OPERATORS.map(({ id }) => `#a=${id}`).filter((hash) => !LEARNED.includes(hash)),
  ...UNUSUAL,
  ...LEARNED,
];
