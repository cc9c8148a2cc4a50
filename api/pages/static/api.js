// The two sides of the product, asked in the visitor's name.
import { ask, picture, read, write } from "/site/session.js";

export class Api {
  ask = ask;
  read = read;
  picture = picture;
  write = write;
}
