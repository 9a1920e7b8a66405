export { describeMessage, summariseMessage, type TreeNode } from "../q931/index.js";
export { describeFrame, summariseFrame } from "./frame.js";
